import { commandSubject } from '../../domain/command/command-subject.ts';
import type { Check, Scene } from '../check.ts';
import { COMMANDS } from '../command-envelope.ts';
import { expectThat } from '../finding.ts';
import { ordinalGap, tickGap } from '../order.ts';

const AGAIN_MS = 30_000;
const SEND_AGAIN_MS = 1_000;
const SOME_MS = 500;
const HEARD_MS = 2_000;

const overNats: Scene = { setting: { transport: 'nats' } };

const section = 'nats';
const needs = { transport: 'nats' } as const;

export const NATS_CHECKS: readonly Check[] = [
  {
    id: 'hears-commands-over-nats',
    section,
    title: 'obeys commands on SHOAL_COMMAND_SUBJECT',
    fix: 'With SHOAL_COMMAND_TRANSPORT=nats connect to SHOAL_NATS_URL, subscribe to SHOAL_COMMAND_SUBJECT and flush, before registering; acknowledge over gRPC.',
    needs: { ...needs, commands: ['pause', 'resume'] },
    scene: overNats,
    async run(examination) {
      await examination.running();
      await examination.command(COMMANDS.pause());
      await examination.command(COMMANDS.resume());
    },
  },
  {
    id: 'outlives-a-nats-restart',
    section,
    title: 'obeys again after the nats-server was ended and started, and loses no event meanwhile',
    fix: 'Let the NATS client reconnect without end (its default may be ten tries) and subscribe again; events do not depend on NATS.',
    needs: { ...needs, commands: ['pause'] },
    scene: { setting: { transport: 'nats' } },
    async run(examination) {
      const { record } = examination;
      await examination.running();
      await examination.nats.restart();
      await examination.moreEvents(1);
      // As a daemon does, each second: nobody can know when the worker has subscribed again.
      const sent = examination.send(COMMANDS.pause());
      const again = setInterval(() => examination.send(sent.content, sent), SEND_AGAIN_MS);
      try {
        await examination.acknowledged(sent, 1, AGAIN_MS);
      } finally {
        clearInterval(again);
      }
      const gap = ordinalGap(record.allEvents) ?? tickGap(record.allEvents);
      expectThat(gap === undefined, 'every event, in order', () => `${gap}`);
    },
  },
  {
    id: 'publishes-nothing-on-nats',
    section,
    title: 'publishes nothing itself, not even a reply to a command',
    fix: 'Report events and acknowledgements over gRPC, where they are checked and logged; ignore reply subjects.',
    needs: { ...needs, commands: ['pause', 'resume'] },
    scene: { setting: { transport: 'nats' } },
    async run(examination) {
      const { nats, workerId } = examination;
      await examination.running();
      for (const content of [COMMANDS.pause(), COMMANDS.resume()]) {
        const sent = examination.send(content);
        // Whether it hears, others ask.
        await examination.whether(() => examination.acksOf(sent).length > 0, HEARD_MS);
      }
      await examination.stays(SOME_MS);
      const foreign = [...nats.subjects];
      for (const _sent of examination.sent) {
        const at = foreign.indexOf(commandSubject(workerId));
        if (at >= 0) foreign.splice(at, 1);
      }
      expectThat(
        foreign.length === 0,
        'no message but the commands of the examiner',
        () => `one on ${foreign.join(', ')}`,
      );
    },
  },
];
