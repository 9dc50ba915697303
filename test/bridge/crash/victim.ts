/** A bridge in a process of its own, which ends without warning where its plan says. */
import { writeSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createBridge } from '../../../bot/bridge.ts';
import type { BridgeConfig } from '../../../bot/config.ts';
import { createLogger } from '../../../bot/log.ts';
import type { OutboxTiming } from '../../../bot/outbox/context.ts';
import type { Point } from '../../../bot/outbox/points.ts';
import { buildServer } from '../../../bot/server.ts';

export interface VictimPlan {
  readonly config: BridgeConfig;
  readonly timing: Partial<OutboxTiming>;
  readonly callTimeout: number;
  /** Die when this point is reached for the nth time; null: live. */
  readonly kill: { readonly point: Point; readonly nth: number } | null;
}

const plan = JSON.parse(process.env['VICTIM_PLAN'] ?? '') as VictimPlan;
const log = createLogger('info', (line) => writeSync(2, line));
let reached = 0;
const bridge = await createBridge({
  config: plan.config,
  log,
  timing: plan.timing,
  callTimeout: plan.callTimeout,
  at: (point) => {
    if (point !== plan.kill?.point) return;
    reached += 1;
    if (reached === plan.kill.nth) process.kill(process.pid, 'SIGKILL');
  },
});
const app = await buildServer({ page: null, logger: log });
await bridge.attach(app);
await app.listen({ port: 0, host: '127.0.0.1' });
bridge.start();
writeSync(1, `${(app.server.address() as AddressInfo).port}\n`);
process.once('SIGTERM', () => {
  bridge.retire();
  void app.close().then(() => bridge.stop());
});
