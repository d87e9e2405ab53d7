import type { Route } from '../../platform/http/route.ts';
import type { Platform } from '../../platform/platform.ts';
import { gateRoutes } from '../redress/gate-routes.ts';
import { noticeRoutes } from '../redress/notice-routes.ts';
import { requestRoutes } from '../redress/request-routes.ts';

/** What people have a right to who meet a use of AI: notice, opting out, equal service, correction and appeal. */
export function redressRoutes(platform: Platform): Route[] {
  return [...gateRoutes(platform), ...noticeRoutes(platform), ...requestRoutes(platform)];
}
