import { Container } from 'inversify';

export const bad = Container;
