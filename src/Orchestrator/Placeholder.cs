namespace Orchestrator; internal static class Placeholder31644;
