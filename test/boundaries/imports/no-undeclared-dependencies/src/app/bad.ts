import Long from 'long';

export const bad = Long;
