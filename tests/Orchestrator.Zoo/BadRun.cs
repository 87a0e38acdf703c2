using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Orchestrator.Zoo;

/// <summary>Whatever a run can do to itself and to others; the parameter <c>how</c> says what, and <c>bad: false</c> that it is fine instead.</summary>
public sealed class BadRun(RunContext run) : ITrainable
{
    private const int Shared = 1;
    private const int SharedAnonymous = 0x21;
    private const long Mapped = 400 << 20;

    private static readonly List<byte[]> Kept = [];
    private static readonly byte[] Bytes = new byte[1 << 20];
    private static int Visits;
    private static bool Spoiled;

    public async Task TrainAsync(CancellationToken cancellationToken)
    {
        var how = run.Parameters.Get("bad", true) ? run.Parameters.Get<string>("how") : "fine";
        if (how is not ("reports-nothing" or "reports-nan" or "closes-its-channel"))
            run.Report(0, ("loss", run.Parameters.TryGetValue("x", out var x) ? x.AsDouble() : 1.0));
        switch (how)
        {
            case "fine": break;
            case "throws": throw new InvalidOperationException("on purpose");
            case "throws-elsewhere":
                var thread = new Thread(() => throw new InvalidOperationException("on purpose, elsewhere"));
                thread.Start();
                thread.Join();
                break;
            case "runs-out-elsewhere":
                var hungry = new Thread(() => Marshal.ThrowExceptionForHR(unchecked((int)0x8007000E))); // E_OUTOFMEMORY
                hungry.Start();
                hungry.Join();
                break;
            case "fails-fast": Environment.FailFast("on purpose"); break;
            case "aborts": Abort(); break;
            case "overflows": Overflow(1); break;
            case "exits": Environment.Exit(3); break;
            case "kills-itself": Process.GetCurrentProcess().Kill(); break;
            case "kills-itself-if-told":
                if (!File.Exists("go"))
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                File.Delete("go");
                Process.GetCurrentProcess().Kill();
                break;
            case "spoils-its-process":
                Spoiled = true;
                break;
            case "fails-if-spoiled":
                if (Spoiled)
                    throw new InvalidOperationException("an earlier run has spoiled this process");
                break;
            case "closes-its-channel":
                _ = Close(3);
                Print(long.MaxValue);
                break;
            case "loops": Loop(); break;
            case "listens":
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
            case "needs": await NeedAsync(run.Parameters.Get<bool>("native"), cancellationToken); break;
            case "allocates": Allocate(); break;
            case "allocates-natively": AllocateNatively(); break;
            case "maps-a-file": await MapAsync(cancellationToken); break;
            case "allocates-shared-memory":
                Touch(Map(0, Mapped, 3, SharedAnonymous, -1, 0), write: true);
                await Task.Delay(Timeout.Infinite, cancellationToken); // until somebody notices
                break;
            case "prints": Print(run.Parameters.Get<long>("bytes")); break;
            case "forks-away":
                using (var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"setsid sleep 987{run.Info.Number} & exit 0"]))!)
                    await shell.WaitForExitAsync(cancellationToken);
                break;
            case "reports-nan": run.Report(0, ("loss", double.NaN)); break;
            case "reports-nothing": break;
            case "reports-late":
                _ = Task.Run(async () =>
                {
                    while (!HasEnded(cancellationToken))
                        await Task.Delay(5, CancellationToken.None);
                    while (true)
                    {
                        run.Report(1, ("loss", -1000.0));
                        await Task.Delay(5, CancellationToken.None);
                    }
                }, CancellationToken.None);
                break;
            case "deletes-folder":
                Directory.Delete(run.Directory, recursive: true);
                run.Report(1, ("loss", 2.0));
                break;
            case "fills-disk":
                await using (var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write))
                    await full.WriteAsync(new byte[100_000], cancellationToken);
                break;
            case "fills-scratch": await FillAsync(Path.Combine("scratch", run.Info.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)), cancellationToken); break;
            case "fills-scratch-elsewhere":
                var filling = new Thread(() => FillAsync(Path.Combine("scratch", "elsewhere"), CancellationToken.None).GetAwaiter().GetResult());
                filling.Start();
                filling.Join();
                break;
            case "exceeds-file-size":
                LimitFileSize();
                await FillAsync(Path.Combine(run.Directory, "big"), cancellationToken);
                break;
            case "saves-too-much":
                await run.AddArtifactAsync(new MemoryStream(new byte[1000]), "first.bin", cancellationToken);
                await run.AddArtifactAsync(new MemoryStream(new byte[2048]), "model.bin", cancellationToken);
                break;
            case "leaves-traces": LeaveTraces(); break;
            case "finds-traces":
                run.Report(0, ("loss", 1.0), ("visits", ++Visits), ("traces", Traces()));
                break;
            case "counts": run.Report(0, ("loss", 1.0), ("visits", ++Visits), ("process", Environment.ProcessId)); break;
            default: throw new ArgumentException($"There is no way '{how}'.");
        }
    }

    /// <summary>Whether the orchestrator was told of the run's end: that is when what its token is made of is disposed.</summary>
    private static bool HasEnded(CancellationToken token)
    {
        try
        {
            return token.WaitHandle is null;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private static async Task FillAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        while (file.Length < 1 << 28) // no test's disk is as large
            await file.WriteAsync(Bytes, cancellationToken);
    }

    private static void LimitFileSize()
    {
        const int FileSize = 1; // RLIMIT_FSIZE
        ulong[] limit = [1 << 20, 1 << 20];
        if (SetLimit(FileSize, limit) != 0)
            throw new InvalidOperationException("The limit could not be set.");
    }

    private static void LeaveTraces()
    {
        Visits++;
        Environment.CurrentDirectory = "/";
        Environment.SetEnvironmentVariable("ZOO_TRACE", "here");
        System.Globalization.CultureInfo.DefaultThreadCurrentCulture = new System.Globalization.CultureInfo("");
        Console.SetOut(TextWriter.Null);
    }

    private static int Traces() =>
        (Environment.CurrentDirectory == "/" ? 1 : 0) + (Environment.GetEnvironmentVariable("ZOO_TRACE") is null ? 0 : 1) + (Console.Out == TextWriter.Null ? 1 : 0);

    private static void Loop()
    {
        while (true)
            GC.KeepAlive(null);
    }

    /// <summary>Holds 400 MiB; says when, by a clock that all processes share, and how much the runtime may have.</summary>
    private async Task NeedAsync(bool native, CancellationToken cancellationToken)
    {
        var began = Environment.TickCount64;
        for (var i = 0; i < 400; i++)
        {
            if (native)
                Marshal.Copy(Bytes, 0, Marshal.AllocHGlobal(Bytes.Length), Bytes.Length);
            else
                Kept.Add(GC.AllocateUninitializedArray<byte>(Bytes.Length, pinned: true));
        }

        if (run.Info.Attempt == 1 || run.Parameters.Get("holds", false))
            await Task.Delay(Timeout.Infinite, cancellationToken); // until somebody notices
        run.Report(1, ("loss", 1.0), ("began", began), ("ended", Environment.TickCount64), ("mayHave", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
    }

    private static void Allocate()
    {
        while (true)
        {
            var block = new byte[1 << 20];
            Array.Fill(block, (byte)1);
            Kept.Add(block);
        }
    }

    private static void AllocateNatively()
    {
        while (true)
        {
            const int Size = 1 << 20;
            Marshal.Copy(Bytes, 0, Marshal.AllocHGlobal(Size), Size);
            Thread.Yield();
        }
    }

    /// <summary>Reads all of a file that is mapped, and goes on while somebody could notice.</summary>
    private static async Task MapAsync(CancellationToken cancellationToken)
    {
        // Beside the program: the temporary folder may be in memory.
        await using var file = new FileStream(
            Path.Combine(AppContext.BaseDirectory, Path.GetRandomFileName()), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose });
        file.SetLength(Mapped);
        Touch(Map(0, Mapped, 1, Shared, (int)file.SafeFileHandle.DangerousGetHandle(), 0), write: false);
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
    }

    private static unsafe void Touch(nint mapped, bool write)
    {
        if (mapped == -1)
            throw new InvalidOperationException("Nothing could be mapped.");
        var memory = (byte*)mapped;
        for (var i = 0L; i < Mapped; i += 4096)
        {
            if (write)
                memory[i] = 1;
            else
                _ = Volatile.Read(ref memory[i]);
        }
    }

    private static void Print(long bytes)
    {
        var line = new string('z', 999);
        for (; bytes > 0; bytes -= 1000)
            Console.WriteLine(line);
    }

    private static int Overflow(int depth) => depth == 0 ? 0 : 1 + Overflow(depth + 1);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);

    [DllImport("libc", EntryPoint = "abort")]
    private static extern void Abort();

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern nint Map(nint wish, long length, int protection, int flags, int descriptor, long offset);

    [DllImport("libc", EntryPoint = "setrlimit")]
    private static extern int SetLimit(int resource, ulong[] limit);
}
