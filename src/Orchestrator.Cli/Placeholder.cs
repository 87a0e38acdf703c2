namespace Orchestrator; internal static class Placeholder18242;
