using System.Runtime.InteropServices;

namespace Orchestrator.Execution.Processes;

/// <summary>Waits for any of a few sources, all of one host.</summary>
internal static unsafe class Waiting
{
    /// <summary>Waits until one of them has something or is at its end; a bit for each that has. 0: the time is over.</summary>
    public static int ForAny(ReadOnlySpan<IWaitSource?> sources, int milliseconds = -1)
    {
        foreach (var source in sources)
        {
            if (source?.Handle is not null)
                return ForAnyHandle(sources, milliseconds);
        }

        return ForAnyDescriptor(sources, milliseconds);
    }

    private static int ForAnyDescriptor(ReadOnlySpan<IWaitSource?> sources, int milliseconds)
    {
        var items = stackalloc Libc.PollItem[sources.Length];
        for (var i = 0; i < sources.Length; i++)
            items[i] = new Libc.PollItem { Descriptor = ((Descriptor?)sources[i])?.Number ?? -1, Events = Libc.PollIn };
        while (Libc.Poll(items, (nuint)sources.Length, milliseconds) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Libc.ErrorInterrupted)
                throw new IOException($"The system refused poll: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        var ready = 0;
        for (var i = 0; i < sources.Length; i++)
        {
            if (items[i].Happened != 0)
                ready |= 1 << i;
        }

        return ready;
    }

    private static int ForAnyHandle(ReadOnlySpan<IWaitSource?> sources, int milliseconds)
    {
        var handles = new List<WaitHandle>(sources.Length);
        foreach (var source in sources)
        {
            if (source is not null)
                handles.Add(source.Handle!);
        }

        if (WaitHandle.WaitAny([.. handles], milliseconds) == WaitHandle.WaitTimeout)
            return 0;
        var ready = 0;
        for (var i = 0; i < sources.Length; i++)
        {
            if (sources[i]?.Handle?.WaitOne(0) == true)
                ready |= 1 << i;
        }

        return ready;
    }
}
