using Orchestrator.Execution.Causes;

namespace Orchestrator.Tests.Execution.Causes;

public sealed class CauseReaderTests
{
    private const string Python = "Traceback (most recent call last):\n  File \"train.py\", line 10, in main\n    fit()\n    ~~~^^\n";

    [Theory]
    [InlineData("\nSet the environment variable HYDRA_FULL_ERROR=1 for a complete stack trace.\n")]
    [InlineData("tracker: find logs at ./logs\n")]
    [InlineData("wandb: Synced 5 files\nwandb: Find logs at: ./wandb/run-1\n")]
    [InlineData("resource_tracker.py:224: UserWarning: leaked semaphore objects to clean up\n  warnings.warn('leaked')\n")]
    [InlineData("============================================================\n")]
    [InlineData("CUDA kernel errors might be asynchronously reported.\nFor debugging consider passing CUDA_LAUNCH_BLOCKING=1.\nCompile with `TORCH_USE_CUDA_DSA` to enable device-side assertions.\n\n")]
    [InlineData("srun: error: node1: task 0: Exited with exit code 1\n")]
    [InlineData("make: *** [Makefile:3: train] Error 1\n")]
    [InlineData("Exception ignored in: <function X.__del__ at 0x7f>\n" + Python + "TypeError: late\n")]
    [InlineData("shutting down\nbye\n")]
    public void Read_FooterBehindAnException_DoesNotCount(string footer)
    {
        Assert.Equal(("ValueError", "ValueError: bad lr"), Told("warming up\n" + Python + "ValueError: bad lr\n" + footer));
        Assert.Equal("ValueError: bad lr", new ProgramWords("ValueError: bad lr\n" + footer.Split("Exception ignored")[0], "").Cause!.Message);
    }

    [Theory]
    [InlineData("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB.", "torch.OutOfMemoryError")]
    [InlineData("MemoryError", "MemoryError")]
    [InlineData("KeyError: 'foo'", "KeyError")]
    [InlineData("my.module.Oops: what", "my.module.Oops")]
    [InlineData("subprocess.CalledProcessError: Command '['x']' returned non-zero exit status 2.", "subprocess.CalledProcessError")]
    public void Read_PythonException_HasItsTypeMessageAndStack(string said, string type)
    {
        var cause = CauseReader.Read(Python + said + "\n")!;

        Assert.Equal((type, said), (cause.Type, cause.Message));
        Assert.Equal((Python + said).TrimEnd(), cause.Stack);
    }

    [Fact]
    public void Read_ChainedExceptions_TheLastIsTheFailureAndTheOthersItsCauses()
    {
        var cause = CauseReader.Read(
            Python + "KeyError: 'lr'\n\nDuring handling of the above exception, another exception occurred:\n\n" + Python + "RuntimeError: no lr\n\n"
            + "The above exception was the direct cause of the following exception:\n\n" + Python + "ConfigError: bad file\n")!;

        Assert.Equal(("ConfigError", "ConfigError: bad file"), (cause.Type, cause.Message));
        Assert.Equal([("RuntimeError", "no lr"), ("KeyError", "'lr'")], cause.Inner.Select(i => (i.Type, i.Message)));
    }

    [Fact]
    public void Read_ExceptionGroup_NamesItsFirstExceptionAndHoldsAll()
    {
        var cause = CauseReader.Read("""
              + Exception Group Traceback (most recent call last):
              |   File "x.py", line 1, in <module>
              |     raise ExceptionGroup("many", [ValueError("a"), KeyError("b")])
              | ExceptionGroup: many (2 sub-exceptions)
              +-+---------------- 1 ----------------
                | Traceback (most recent call last):
                |   File "x.py", line 3, in one
                | ValueError: a
                +---------------- 2 ----------------
                | KeyError: 'b'
                +------------------------------------
            bye
            """)!;

        Assert.Equal(("ExceptionGroup", "ExceptionGroup: many (2 sub-exceptions): ValueError: a"), (cause.Type, cause.Message));
        Assert.Equal(["ValueError", "KeyError"], cause.Inner.Select(i => i.Type));
    }

    [Fact]
    public void Read_Torchrun_TheWorkersExceptionGoesBeforeTheLaunchers()
    {
        const string Launcher = """
            E0101 12:00:00.000000 140 torch/distributed/elastic/multiprocessing/api.py:874] failed (exitcode: 1) local_rank: 0 (pid: 5) of binary: /usr/bin/python
            Traceback (most recent call last):
              File "/usr/bin/torchrun", line 8, in <module>
                sys.exit(main())
            torch.distributed.elastic.multiprocessing.errors.ChildFailedError: 
            ============================================================
            train.py FAILED
            ------------------------------------------------------------
            Failures:
              <NO_OTHER_FAILURES>
            ------------------------------------------------------------
            Root Cause (first observed failure):
            [0]:
              time      : 2026-01-01_12:00:00
              rank      : 0 (local_rank: 0)
              exitcode  : 1 (pid: 5)
              error_file: <N/A>
              traceback : To enable traceback see: https://pytorch.org/docs/stable/elastic/errors.html
            ============================================================
            """;

        Assert.Equal("ValueError: bad lr", CauseReader.Read("[rank0]: " + Python.TrimEnd().Replace("\n", "\n[rank0]: ", StringComparison.Ordinal) + "\n[rank0]: ValueError: bad lr\n" + Launcher)!.Message);
        Assert.Equal("torch.distributed.elastic.multiprocessing.errors.ChildFailedError", CauseReader.Read(Launcher)!.Type);
        Assert.Equal("ValueError: bad lr", CauseReader.Read(Launcher.Replace(
            "To enable traceback see: https://pytorch.org/docs/stable/elastic/errors.html",
            "Traceback (most recent call last):\n    File \"train.py\", line 10, in main\n      fit()\n  ValueError: bad lr\n", StringComparison.Ordinal))!.Message);
    }

    [Theory]
    [InlineData("/app/x.js:3\n    throw new TypeError(\"boom\");\n    ^\n\nTypeError: boom\n    at Object.<anonymous> (/app/x.js:3:9)\n    at Module._compile {\n  [cause]: Error: deep\n      at x\n}\n\nNode.js v20.1.0\n", "TypeError", "TypeError: boom")]
    [InlineData("/x.js:1\nthrow new Oops('mine')\n^\n\nOops [ERR_X]: mine\n    at Object.<anonymous> (/app/x.js:3:9)\n", "Oops", "Oops: mine")]
    [InlineData("Error: outer\n    at Object.<anonymous> (/app/x.js:3:9)\n", "Error", "Error: outer")]
    [InlineData("Exception in thread \"main\" java.lang.IllegalStateException: no data\n\tat Main.main(Main.java:3)\nCaused by: java.io.IOException: gone\n\t... 1 more\n", "java.lang.IllegalStateException", "java.lang.IllegalStateException: no data")]
    [InlineData("Unhandled exception. System.InvalidOperationException: no data\n ---> System.IO.IOException: gone\n   --- End of inner exception stack trace ---\n   at Program.Main()\nAborted (core dumped)\n", "System.InvalidOperationException", "System.InvalidOperationException: no data")]
    [InlineData("thread 'main' panicked at src/main.rs:2:5:\nno data\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n", "panic", "panic: no data (src/main.rs:2:5)")]
    [InlineData("thread 'main' panicked at 'no data', src/main.rs:2:5\nnote: run with `RUST_BACKTRACE=1`\n", "panic", "panic: no data (src/main.rs:2:5)")]
    [InlineData("panic: no data\n\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:4 +0x1\nexit status 2\n", "panic", "panic: no data")]
    [InlineData("terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\nAborted\n", "std::bad_alloc", "std::bad_alloc: std::bad_alloc")]
    [InlineData("usage: train.py [-h]\ntrain.py: error: unrecognized arguments: --lrr\n", null, "train.py: error: unrecognized arguments: --lrr")]
    [InlineData("epoch 1\n[2026-01-01 12:00:00,000] ERROR - no data\nlogs are in ./logs\n", null, "[2026-01-01 12:00:00,000] ERROR - no data")]
    [InlineData("\u001b[31merror\u001b[0m: no data\n", null, "error: no data")]
    [InlineData("error[E0425]: no data\n  --> src/main.rs:2:5\n", null, "error[E0425]: no data")]
    public void Read_OtherLanguages_AreUnderstood(string text, string? type, string message) => Assert.Equal((type, message), Told(text));

    [Fact]
    public void Read_CausesOfJavaAndNet_AreKept()
    {
        Assert.Equal([("java.io.IOException", "gone")], CauseReader.Read(
            "Exception in thread \"main\" a.B: x\n\tat Main.main(Main.java:3)\nCaused by: java.io.IOException: gone\n\t... 1 more\n")!.Inner.Select(i => (i.Type, i.Message)));
        Assert.Equal([("System.IO.IOException", "gone")], CauseReader.Read(
            "Unhandled exception. System.InvalidOperationException: no data\n ---> System.IO.IOException: gone\n   at A()\n")!.Inner.Select(i => (i.Type, i.Message)));
    }

    [Fact]
    public void Read_SeveralErrors_TheFirstIsTheCause_UnlessItWasHandled()
    {
        const string Three = Python + "ValueError: a\n\n" + Python + "KeyError: 'b'\n" + Python + "BrokenPipeError: [Errno 32] Broken pipe\n";

        Assert.Equal("ValueError: a", CauseReader.Read(Three)!.Message);
        Assert.Equal("ValueError: a", CauseReader.Read("ERROR: a worker failed\nValueError: a\nerror: giving up\n")!.Message);
        Assert.Equal("OSError: full", CauseReader.Read(Three + "carrying on\nepoch 3\n" + Python + "OSError: full\n")!.Message);
        Assert.Equal("ValueError: deep", CauseReader.Read(
            Python + "RuntimeError: Caught ValueError in DataLoader worker process 0.\nOriginal " + Python + "ValueError: deep\n")!.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("epoch 1 loss=0.5\nepoch 2 loss=0.4\n")]
    [InlineData("error_rate: 0.5\nerrors: 3\n")]
    [InlineData("UserWarning: slow\n")]
    public void Read_NoError_IsNone(string text) => Assert.Null(CauseReader.Read(text));

    [Theory]
    [InlineData("torch.cuda.OutOfMemoryError", "CUDA out of memory", true)]
    [InlineData("numpy.core._exceptions._ArrayMemoryError", "Unable to allocate 8 GiB", true)]
    [InlineData("RuntimeError", "RuntimeError: CUDA error: out of memory", true)]
    [InlineData("std::bad_alloc", "std::bad_alloc", true)]
    [InlineData("jaxlib.xla_extension.XlaRuntimeError", "RESOURCE_EXHAUSTED: Out of memory while trying to allocate", true)]
    [InlineData(null, "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", true)]
    [InlineData("ValueError", "ValueError: memory must be a size", false)]
    public void IsIn_WordsOfLibraries_AreKnown(string? type, string message, bool expected) =>
        Assert.Equal(expected, OutOfMemoryText.IsIn(type, message));

    private static (string?, string) Told(string text) => CauseReader.Read(text) is { } cause ? (cause.Type, cause.Message) : (null, "");
}
