namespace Orchestrator; internal static class Placeholder8165;
