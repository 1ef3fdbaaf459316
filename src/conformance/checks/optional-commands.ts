import type { Check } from '../check.ts';
import { COMMANDS } from '../command-envelope.ts';
import type { Examination } from '../examination.ts';
import { expectThat } from '../finding.ts';
import { ackedTick } from '../ticks.ts';

const SECOND_MS = 1_000;

const section = 'commands';

export const OPTIONAL_COMMAND_CHECKS: readonly Check[] = [
  {
    id: 'answers-agent-actions',
    section,
    title: 'answers to an action for an agent that does not exist',
    fix: 'Refuse an action for an agent that there is not, with code 5 (NOT_FOUND); keep quiet to no command.',
    needs: { commands: ['agent_action', 'pause'] },
    scene: { setting: {} },
    async run(examination) {
      await examination.running();
      await examination.answer(COMMANDS.agentAction('nobody-of-this-name'));
      await examination.command(COMMANDS.pause());
    },
  },
  {
    id: 'answers-inject-agent',
    section,
    title: 'answers to an agent that is injected, taken or not',
    fix: 'Acknowledge inject_agent, or refuse it with a message and a code.',
    needs: { commands: ['inject_agent', 'pause'] },
    scene: { setting: {} },
    async run(examination) {
      await examination.running();
      await examination.answer(COMMANDS.injectAgent(Buffer.from('{}'), 'application/json'));
      await examination.command(COMMANDS.pause());
    },
  },
  {
    id: 'keeps-its-speed',
    section,
    title: 'ticks as often as set_speed says',
    fix: 'Pace the ticks by ticks_per_second; begin the new pace with the command, without making up for what was slower before.',
    needs: { commands: ['set_speed', 'pause', 'resume'] },
    scene: { setting: {} },
    async run(examination) {
      await examination.running();
      const at20 = await ticksInASecond(examination, 20);
      expectThat(at20.ticks >= 8 && at20.ticks <= at20.most, `8 to ${at20.most} ticks at 20 a second`, () =>
        told(at20),
      );
      await examination.command(COMMANDS.resume());
      const at2 = await ticksInASecond(examination, 2);
      expectThat(at2.ticks <= at2.most, `at most ${at2.most} ticks at 2 a second`, () => told(at2));
    },
  },
];

interface Measured {
  readonly ticks: number;
  readonly ms: number;
  /** Half as many again as the speed allows, and a few more. */
  readonly most: number;
}

/** From the acknowledgement of the speed to that of the pause after it. */
async function ticksInASecond(examination: Examination, ticksPerSecond: number): Promise<Measured> {
  const { atMs: sentMs } = examination.send(COMMANDS.setSpeed(ticksPerSecond));
  const from = await lastAck(examination);
  await examination.stays(SECOND_MS);
  const to = await examination.command(COMMANDS.pause());
  const ms = Math.round(to.atMs - sentMs);
  const most = Math.ceil((ticksPerSecond * 1.5 * ms) / SECOND_MS) + (ticksPerSecond < 10 ? 3 : 0);
  return { ticks: ackedTick(to) - ackedTick(from), ms, most };
}

async function lastAck(examination: Examination) {
  const sent = examination.sent.at(-1);
  if (sent === undefined) throw new Error('no command was sent');
  return examination.acknowledged(sent);
}

function told({ ticks, ms }: Measured): string {
  return `${ticks} ticks in ${ms} ms`;
}
