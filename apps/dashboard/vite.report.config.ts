import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { common, licenseFile, singleFile } from './single-file.ts';

/** The page of reports: one file without studies. */
export default defineConfig({
  ...common,
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'warn',
  publicDir: false,
  plugins: [singleFile()],
  build: {
    outDir: 'dist-report',
    target: 'es2023',
    modulePreload: false,
    cssCodeSplit: false,
    license: { fileName: licenseFile },
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: fileURLToPath(new URL('src/report.tsx', import.meta.url)),
      output: { codeSplitting: false },
    },
  },
});
