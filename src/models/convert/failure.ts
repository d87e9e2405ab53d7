import { TidewaiterError } from '../../core/errors.ts';

/** The error of every conversion: `what` names the operator and the node that could not be carried over. */
export function conversionError(what: string, options?: ErrorOptions): TidewaiterError {
  return new TidewaiterError(
    'E_MODEL_CONVERT',
    `Cannot convert the model: ${what}`,
    'Reinstall the package that the weights come from, in the version that Tidewaiter asks for.',
    options,
  );
}
