import type { ParameterDescription, Params, SearchSpace, SpaceDescription } from '@foothold/core';
import { OptimizationError } from '@foothold/core';
import { shortNumber } from '@foothold/viz';
import { useId, useState } from 'preact/hooks';
import { shownValue } from '../text.ts';
import { type ChosenPoint, movedPoint, sliderOf } from './chosen-point.ts';

interface ControlProps {
  readonly space: SearchSpace;
  readonly point: ChosenPoint;
  readonly index: number;
  readonly description: ParameterDescription;
  onPoint(point: ChosenPoint): void;
}

/** A slider or a list for each parameter; those that are not active are disabled. */
export function PointControls({
  space,
  description,
  point,
  onPoint,
}: {
  readonly space: SearchSpace;
  readonly description: SpaceDescription;
  readonly point: ChosenPoint;
  onPoint(point: ChosenPoint): void;
}) {
  return (
    <div class="point-controls">
      {space.columns.map(({ name }, index) => (
        <Control
          key={name}
          space={space}
          point={point}
          index={index}
          description={description[name]!}
          onPoint={onPoint}
        />
      ))}
    </div>
  );
}

function Control(props: ControlProps) {
  const { space, point, index, description } = props;
  const { name } = space.columns[index]!;
  const id = useId();
  const isActive = point.params[name] !== undefined;
  return (
    <div class="point-control" data-inactive={!isActive}>
      <label for={id}>{name}</label>
      {'choices' in description ? (
        <Choices {...props} id={id} isActive={isActive} />
      ) : (
        <Slider {...props} id={id} isActive={isActive} />
      )}
      {!isActive && <p class="muted">Only with {conditionText(description)}.</p>}
    </div>
  );
}

type FieldProps = ControlProps & { readonly id: string; readonly isActive: boolean };

function Choices({ space, point, index, description, onPoint, id, isActive }: FieldProps) {
  const slider = sliderOf(space.columns[index]!);
  const choices = 'choices' in description ? description.choices : [];
  return (
    <select
      id={id}
      disabled={!isActive}
      value={slider.positionAt(point.coordinates[index]!)}
      onChange={(event) => {
        const to = slider.coordinateAt(Number(event.currentTarget.value));
        onPoint(movedPoint(space, point, { column: index, to }));
      }}
    >
      {choices.map((choice, position) => (
        <option key={String(choice)} value={position}>
          {shownValue(choice)}
        </option>
      ))}
    </select>
  );
}

function Slider({ space, point, index, onPoint, id, isActive }: FieldProps) {
  const column = space.columns[index]!;
  const slider = sliderOf(column);
  const value = point.params[column.name];
  const move = (to: number) => onPoint(movedPoint(space, point, { column: index, to }));
  return (
    <div class="slider-row">
      <input
        id={id}
        type="range"
        min={0}
        max={slider.last}
        step={1}
        disabled={!isActive}
        value={slider.positionAt(point.coordinates[index]!)}
        aria-valuetext={isActive ? shownValue(value) : 'not active'}
        onInput={(event) => move(slider.coordinateAt(Number(event.currentTarget.value)))}
      />
      <NumberField
        key={String(value)}
        name={column.name}
        value={value}
        isActive={isActive}
        onNumber={(number) => {
          const to = coordinateOf(space, { name: column.name, number, index });
          if (to !== undefined) move(to);
          return to !== undefined;
        }}
      />
    </div>
  );
}

/** The same by number; what the parameter cannot have stays marked. */
function NumberField({
  name,
  value,
  isActive,
  onNumber,
}: {
  readonly name: string;
  readonly value: Params[string] | undefined;
  readonly isActive: boolean;
  onNumber(value: number): boolean;
}) {
  const [isInvalid, setIsInvalid] = useState(false);
  // What is being typed stays while the model answers and trials arrive.
  const [typed, setTyped] = useState<string>();
  const take = (text: string) => {
    const isTaken = onNumber(Number(text.trim() || Number.NaN));
    setIsInvalid(!isTaken);
    if (isTaken) setTyped(undefined);
  };
  return (
    <input
      type="text"
      inputMode="decimal"
      aria-label={`${name} by number`}
      aria-invalid={isInvalid}
      disabled={!isActive}
      value={typed ?? (typeof value === 'number' ? plainNumber(value) : '')}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onChange={(event) => take(event.currentTarget.value)}
    />
  );
}

/** Short, and readable by `Number`. */
function plainNumber(value: number): string {
  return shortNumber(value).replaceAll('−', '-');
}

function coordinateOf(
  space: SearchSpace,
  { name, number, index }: { readonly name: string; readonly number: number; readonly index: number },
): number | undefined {
  try {
    return space.coordinates?.({ [name]: number })[index];
  } catch (error) {
    if (error instanceof OptimizationError) return undefined;
    throw error;
  }
}

function conditionText({ when = {} }: ParameterDescription): string {
  return Object.entries(when)
    .map(([parent, values]) => `${parent} ${values.map(shownValue).join(' or ')}`)
    .join(' and ');
}
