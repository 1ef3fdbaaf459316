import { type ServiceError, status } from '@grpc/grpc-js';
import { rightConnecting } from '../behaviour/connecting.ts';
import type { Register } from '../behaviour/registration.ts';
import type { Faults } from './fault.ts';

const { afterLoss } = rightConnecting;

export const registrationFaults: Faults = {
  'registers-in-time': {
    it: 'registers two seconds after its launch (its type allows one)',
    does: { idleBeforeRegisteringMs: 2_000 },
  },
  'registers-under-its-ids': {
    it: 'registers for another simulation',
    does: {
      registration: (request, isFirst) => (isFirst ? { ...request, simulationId: 'another' } : request),
    },
  },
  'registers-under-its-ids/worker': {
    it: 'registers as another worker',
    does: { registration: (request, isFirst) => (isFirst ? { ...request, workerId: 'another' } : request) },
  },
  'sends-its-token': {
    it: 'sends heartbeats without its token',
    does: { authorization: (token, call) => (call === 'Heartbeat' ? undefined : `Bearer ${token}`) },
  },
  'sends-its-token/scheme': {
    it: 'opens its event stream with the bare token',
    does: { authorization: (token, call) => (call === 'ReportEventBatches' ? token : `Bearer ${token}`) },
  },
  'listens-before-registering': {
    it: 'registers without waiting until it hears commands',
    does: { hearsFirst: false },
  },
  'says-what-it-supports': {
    it: 'supports a command that there is not',
    does: {
      registration: (request) => ({ ...request, supportedCommands: [...(request.supportedCommands ?? []), 'fly'] }),
    },
  },
  'says-what-it-supports/missing': {
    it: 'does not support a command that its type declares',
    does: {
      registration: (request) => ({
        ...request,
        supportedCommands: request.supportedCommands?.filter((name) => name !== 'inject_agent') ?? [],
      }),
    },
  },
  'refuses-a-broken-configuration': {
    it: 'goes on with its defaults when its configuration cannot be read',
    does: { exitWithBadConfiguration: undefined },
  },
  'refuses-a-broken-configuration/exit-code': {
    it: 'exits with 0 when its configuration cannot be read',
    does: { exitWithBadConfiguration: 0 },
  },
  'tries-again-to-register': {
    it: 'exits when Shoal is not available for its first registration',
    does: {
      afterLoss: (loss) => {
        const isEarly = loss.during === 'registering' && loss.code === status.UNAVAILABLE && !loss.wasRegistered;
        return isEarly ? { exitCode: 1 } : afterLoss(loss);
      },
    },
  },
  'tries-again-to-register/storm': {
    it: 'registers again without a pause',
    does: { register: (call, isFirst) => (isFirst ? callUntilAvailable(call) : call()) },
  },
  'ends-when-refused': {
    it: 'goes on registering when it is refused',
    does: {
      afterLoss: (loss) => (loss.code === status.PERMISSION_DENIED ? { againAfterMs: 200 } : afterLoss(loss)),
    },
  },
  'ends-when-refused/exit-code': {
    it: 'exits with 0 when it is refused',
    does: { afterLoss: (loss) => (loss.code === status.PERMISSION_DENIED ? { exitCode: 0 } : afterLoss(loss)) },
  },
  'registers-again-the-same': {
    it: 'registers under a new id when it has lost its connection',
    does: {
      registration: (request, isFirst) => (isFirst ? request : { ...request, workerId: `${request.workerId}-2` }),
    },
  },
  'holds-when-started-paused': {
    it: 'begins by itself when it has been left paused for a while',
    does: { wakesAfterMs: (paused) => (paused === 'from the start' ? 500 : undefined) },
  },
};

async function callUntilAvailable(call: Register): ReturnType<Register> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if ((error as ServiceError).code !== status.UNAVAILABLE) throw error;
    }
  }
}
