namespace Orchestrator.EndToEnd;
public class SmokeTests { [Fact] public void Works() => Assert.True(true); }
