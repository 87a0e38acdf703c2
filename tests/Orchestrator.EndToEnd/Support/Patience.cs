namespace Orchestrator.EndToEnd.Support;

/// <summary>Waiting for what must come. How long it takes proves nothing, so the deadline is one that only a program that hangs will miss.</summary>
internal static class Patience
{
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks until it is so; fails with <paramref name="what"/> if that never comes.</summary>
    public static async Task UntilAsync(Func<bool> reached, string what)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!reached())
        {
            Assert.False(deadline.IsCancellationRequested, $"It never came to this: {what}.");
            await Task.Delay(Look);
        }
    }
}
