export { assign } from './assignment.ts';
