import { describeLinearAlgebra } from '@foothold/testing';
import { cpu } from './cpu.ts';
import { wasm } from './wasm.ts';
import { wasmSync } from './wasm-sync.ts';

describeLinearAlgebra('cpu', () => cpu);
describeLinearAlgebra('wasm (simd)', () => wasm({ flavours: ['simd'] }));
describeLinearAlgebra('wasm (relaxed-simd)', () => wasm({ flavours: ['relaxed-simd'] }));
describeLinearAlgebra('wasm where nothing loads', () => wasmSync({ flavours: [] }));
