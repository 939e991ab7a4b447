/** Domains that only Node has, which the packages with Chrome's protocol do not describe. Source: Node, `src/inspector/node_protocol.pdl`. */
export interface NodeCommands {
  'NodeRuntime.notifyWhenWaitingForDisconnect': { paramsType: [{ enabled: boolean }]; returnType: undefined };
  'NodeWorker.enable': { paramsType: [{ waitForDebuggerOnStart: boolean }]; returnType: undefined };
  'NodeWorker.disable': { paramsType: []; returnType: undefined };
  'NodeWorker.detach': { paramsType: [{ sessionId: string }]; returnType: undefined };
  'NodeWorker.sendMessageToWorker': {
    /** `message` is a protocol message as JSON. */
    paramsType: [{ message: string; sessionId: string }];
    returnType: undefined;
  };
}

export interface NodeEvents {
  /** The program has run to its end; its process stays until every session that asked for this event has gone. */
  'NodeRuntime.waitingForDisconnect': [];
  'NodeWorker.attachedToWorker': [
    {
      sessionId: string;
      workerInfo: { workerId: string; type: string; title: string; url: string };
      waitingForDebugger: boolean;
    },
  ];
  'NodeWorker.detachedFromWorker': [{ sessionId: string }];
  'NodeWorker.receivedMessageFromWorker': [{ sessionId: string; message: string }];
}
