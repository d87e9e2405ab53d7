/**
 * Components of face image quality of ISO/IEC 29794-5:2025, as its reference implementation (OFIQ) names its columns; values
 * 0 (worst) .. 100.
 */
export const qualityComponents: readonly string[] = [
  'UnifiedQualityScore',
  'BackgroundUniformity',
  'IlluminationUniformity',
  'LuminanceMean',
  'LuminanceVariance',
  'UnderExposurePrevention',
  'OverExposurePrevention',
  'DynamicRange',
  'Sharpness',
  'CompressionArtifacts',
  'NaturalColour',
  'SingleFacePresent',
  'EyesOpen',
  'MouthClosed',
  'EyesVisible',
  'MouthOcclusionPrevention',
  'FaceOcclusionPrevention',
  'InterEyeDistance',
  'HeadSize',
  'LeftwardCropOfTheFaceImage',
  'RightwardCropOfTheFaceImage',
  'MarginAboveOfTheFaceImage',
  'MarginBelowOfTheFaceImage',
  'HeadPoseYaw',
  'HeadPosePitch',
  'HeadPoseRoll',
  'ExpressionNeutrality',
  'NoHeadCoverings',
];

/** A capture that could not be assessed. */
export const NOT_ASSESSED = 255;

/** The component that a column holds: its name, with `.scalar` behind it or not; undefined for other columns. */
export function qualityComponent(column: string): string | undefined {
  const name = column.replace(/\.scalar$/, '');
  return qualityComponents.find((component) => component === name);
}
