import type { ControlSimulationRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ControlSimulationRequest.ts';

const payload = Buffer.from([0, 1, 255]);

/** Each command, in which state it is given, and what the worker is sent. */
export const COMMANDS: [
  name: string,
  given: ControlSimulationRequest,
  paused: boolean,
  key: string,
  type: string,
  content: unknown,
][] = [
  ['pause', { pause: {} }, false, 'orchestrator.control.pause', 'PauseCommand', {}],
  ['resume', { resume: {} }, true, 'orchestrator.control.resume', 'ResumeCommand', {}],
  [
    'step',
    { step: { ticks: '18446744073709551615' } },
    true,
    'orchestrator.control.step',
    'StepCommand',
    { ticks: '18446744073709551615' },
  ],
  ['step by none', { step: {} }, true, 'orchestrator.control.step', 'StepCommand', { ticks: '1' }],
  [
    'reset',
    { reset: { seed: '7', config: { fields: { a: { numberValue: 3 } } } } },
    false,
    'orchestrator.control.reset',
    'ResetCommand',
    { seed: '7', config: { fields: { a: { numberValue: 3 } } } },
  ],
  [
    'agent_action',
    { agentAction: { agentId: 'fish-1', action: payload, contentType: 'x/y' } },
    false,
    'orchestrator.ai.action',
    'AgentActionCommand',
    { agentId: 'fish-1', action: payload, contentType: 'x/y' },
  ],
  [
    'inject_agent',
    { injectAgent: { payload, contentType: 'x/y' } },
    true,
    'orchestrator.control.inject_agent',
    'InjectAgentCommand',
    { payload, contentType: 'x/y' },
  ],
  [
    'set_speed',
    { setSpeed: { ticksPerSecond: 2.5 } },
    false,
    'orchestrator.control.set_speed',
    'SetSpeedCommand',
    { ticksPerSecond: 2.5 },
  ],
];
