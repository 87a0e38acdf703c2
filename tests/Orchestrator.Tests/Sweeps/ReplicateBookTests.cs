using Orchestrator.Sampling;
using Orchestrator.Sweeps;

namespace Orchestrator.Tests.Sweeps;

public sealed class ReplicateBookTests
{
    private static readonly ParameterSet Parameters = ParameterSet.FromJson("""{"x": 1}""");

    [Fact]
    public void Add_LastReplicate_TellsTheMeanOfTheCompletedOnes()
    {
        var book = new ReplicateBook(3);

        Assert.Null(book.Add(7, Parameters, RunState.Completed, 1));
        Assert.Null(book.Add(8, Parameters, RunState.Completed, 50));
        Assert.Null(book.Add(7, Parameters, RunState.Failed, null));
        var told = book.Add(7, Parameters, RunState.Completed, 2)!.Value;

        Assert.Equal((7L, ObservationState.Completed, 1.5), (told.Number, told.State, Assert.Single(told.Values)));
        Assert.Same(Parameters, told.Parameters);
    }

    [Theory]
    [InlineData(RunState.Failed, RunState.Failed, ObservationState.Failed, 0)]
    [InlineData(RunState.Pruned, RunState.Failed, ObservationState.Pruned, 1)]
    [InlineData(RunState.Canceled, RunState.Canceled, ObservationState.Canceled, 0)]
    public void Add_NoneCompleted_TellsWhatTheyCameTo(RunState first, RunState second, ObservationState expected, int values)
    {
        var book = new ReplicateBook(2);
        book.Add(0, Parameters, first, first == RunState.Pruned ? 3 : null);

        var told = book.Add(0, Parameters, second, null)!.Value;

        Assert.Equal((expected, values), (told.State, told.Values.Count));
    }
}
