export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle of water without shores: what leaves on one side comes in on the other. */
export class Ocean {
  readonly width: number;
  readonly height: number;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }

  /** The same place with 0 ≤ x < width and 0 ≤ y < height. */
  wrap(point: Point): Point {
    return { x: wrapInto(point.x, this.width), y: wrapInto(point.y, this.height) };
  }

  /** The shortest way from one place to another. */
  way(from: Point, to: Point): Point {
    return { x: shortest(to.x - from.x, this.width), y: shortest(to.y - from.y, this.height) };
  }
}

export function length({ x, y }: Point): number {
  return Math.sqrt(x * x + y * y);
}

function wrapInto(value: number, size: number): number {
  const wrapped = ((value % size) + size) % size;
  // Rounding can make a tiny negative number come out as size itself.
  return wrapped < size ? wrapped : 0;
}

function shortest(difference: number, size: number): number {
  return wrapInto(difference + size / 2, size) - size / 2;
}
