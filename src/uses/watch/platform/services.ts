import { policiesAsTheyAre } from '../../../governance/charters/enforced.ts';
import { PermitGate } from '../../../governance/permits/gate.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { ServiceKind } from '../../../platform/services/kind.ts';
import { playClip, type PlayClip } from '../injection/play.ts';
import { injectionService } from '../injection/service.ts';
import { outputService } from '../outputs/service.ts';
import { cameraService, type RunCamera } from './camera-service.ts';
import { clockService } from './clock-service.ts';

/** The kinds of services of this use, by what they do. */
export interface WatchServices {
  readonly camera: ServiceKind;
  readonly clock: ServiceKind;
  /** Sends what happens to the channels of a site. */
  readonly outputs: ServiceKind;
  /** Plays known clips beside cameras, to measure who answers. */
  readonly injections: ServiceKind;
}

/** @param platform asked when a service runs. */
export function watchServices(
  platform: () => Platform,
  run: RunCamera,
  play: PlayClip = playClip,
): WatchServices {
  const gate = (): PermitGate => {
    const { db, keys, settings, now } = platform();
    const policies = policiesAsTheyAre(settings.policies);
    return new PermitGate({ db, keys, mode: settings.governance, policies, now });
  };
  return {
    camera: cameraService({ platform, gate, run }),
    clock: clockService(platform),
    outputs: outputService(platform),
    injections: injectionService({ platform, gate, play }),
  };
}
