export function bad(side: 'left' | 'right'): number {
  switch (side) {
    case 'left':
      return 1;
  }
  return 2;
}
