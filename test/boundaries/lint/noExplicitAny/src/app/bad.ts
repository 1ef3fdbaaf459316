export const bad: any = 1;
