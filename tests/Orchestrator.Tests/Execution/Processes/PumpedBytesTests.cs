using System.IO.Pipes;
using System.Text;
using Orchestrator.Execution.Processes;
using Orchestrator.Execution.Processes.Portable;

namespace Orchestrator.Tests.Execution.Processes;

public sealed class PumpedBytesTests
{
    private static readonly byte[] Mark = PortableProcesses.MarkOf("0123");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task ExpectMark_AnyCut_GivesAllBeforeIt_AndTakesTheMarkOut(int cut)
    {
        using var pipe = new Pipe();
        using var lines = new OutputLines(pipe.Reader(Mark));
        var seen = new StringBuilder();
        void Take(ReadOnlySpan<byte> text) => seen.Append(Encoding.UTF8.GetString(text));
        byte[] all = [.. "one\ntwo \u001e0"u8, .. Mark, .. "between\n"u8];
        var writing = OnAThread(() =>
        {
            for (var at = 0; at < all.Length; at += cut)
                pipe.Write(all.AsSpan(at, Math.Min(cut, all.Length - at)));
        });

        lines.ExpectMark();
        lines.Drain(Take);

        Assert.StartsWith("one\ntwo \u001e0", seen.ToString(), StringComparison.Ordinal);
        await writing;
        pipe.CloseWriter();
        while (lines.Pipe is not null)
        {
            Waiting.ForAny([lines.Pipe]);
            lines.Read(Take);
        }

        Assert.Equal("one\ntwo \u001e0between\n", seen.ToString());
    }

    [Fact]
    public async Task Read_AFlood_HoldsOnePieceAndLosesNothing()
    {
        const int Total = 5_000_000;
        using var pipe = new Pipe();
        using var bytes = pipe.Reader();
        var written = 0L;
        var writing = OnAThread(() =>
        {
            var block = new byte[10_000];
            for (var i = 0; i < Total / block.Length; i++)
            {
                pipe.Write(block);
                Interlocked.Add(ref written, block.Length);
            }

            pipe.CloseWriter();
        });
        var buffer = new byte[4096];
        var read = 0L;
        int count;
        do
        {
            Waiting.ForAny([bytes]);
            // What lies between: the pipe's own 64 KiB, the piece, and what is on its way.
            Assert.InRange(Interlocked.Read(ref written) - read, -20_000, 200_000);
            count = bytes.Read(buffer);
            read += Math.Max(0, count);
        }
        while (count != 0);

        Assert.Equal(Total, read);
        await writing;
    }

    [Fact]
    public void ExpectEnd_SomebodyElseHoldsThePipe_WhatIsThereComesAndNobodyIsWaitedForLong()
    {
        using var pipe = new Pipe();
        using var lines = new OutputLines(pipe.Reader(afterEnd: TimeSpan.FromMilliseconds(50)));
        var seen = new StringBuilder();
        pipe.Write("last words"u8);
        Waiting.ForAny([lines.Pipe!]); // read by now, however late its thread came to it

        pipe.Bytes!.ExpectEnd();
        lines.Drain(text => seen.Append(Encoding.UTF8.GetString(text)));

        Assert.Equal("last words", seen.ToString());
        Assert.NotNull(lines.Pipe);
    }

    [Fact]
    public async Task ExpectEnd_WhatIsStillToBeRead_IsWaitedFor()
    {
        using var pipe = new Pipe();
        using var lines = new OutputLines(pipe.Reader());
        var seen = new StringBuilder();

        pipe.Bytes!.ExpectEnd();
        var draining = OnAThread(() => lines.Drain(text => seen.Append(Encoding.UTF8.GetString(text))));
        pipe.Write("last "u8);
        pipe.Write("words"u8);
        pipe.CloseWriter();
        await draining;

        Assert.Equal("last words", seen.ToString());
        Assert.Null(lines.Pipe);
    }

    [Fact]
    public void Read_TwoPipes_NeitherCutsTheOthersLine()
    {
        using var output = new Pipe();
        using var error = new Pipe();
        using var bytes = new PumpedBytes(pipes: 2);
        bytes.Start(0, output.Input, "output");
        bytes.Start(1, error.Input, "error");
        output.Write("begun "u8);
        Waiting.ForAny([bytes]);
        var buffer = new byte[100];
        var text = Encoding.UTF8.GetString(buffer, 0, bytes.Read(buffer));
        output.Write("and ended\n"u8);
        error.Write("other\n"u8);
        output.CloseWriter();
        error.CloseWriter();
        for (int count; (count = bytes.Read(buffer)) != 0;)
        {
            if (count > 0)
                text += Encoding.UTF8.GetString(buffer, 0, count);
            else
                Waiting.ForAny([bytes]);
        }

        Assert.Contains("other\n", text, StringComparison.Ordinal);
        Assert.Contains("begun ", text, StringComparison.Ordinal);
        Assert.Equal("begun and ended\nother\n".Length, text.Length);
    }

    private static Task OnAThread(Action action) => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class Pipe : IDisposable
    {
        /// <summary>Longer than any thread has to wait for its turn.</summary>
        private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

        private readonly AnonymousPipeServerStream _writer = new(PipeDirection.Out);

        public Pipe() => Input = new AnonymousPipeClientStream(PipeDirection.In, _writer.ClientSafePipeHandle);

        public Stream Input { get; }

        public PumpedBytes? Bytes { get; private set; }

        public PumpedBytes Reader(byte[]? mark = null, TimeSpan? afterEnd = null)
        {
            Bytes = new PumpedBytes(pipes: 1, mark) { AfterEnd = afterEnd ?? Long, ForMark = Long };
            Bytes.Start(0, Input, "test");
            return Bytes;
        }

        public void Write(ReadOnlySpan<byte> bytes) => _writer.Write(bytes);

        public void CloseWriter() => _writer.Dispose();

        public void Dispose()
        {
            Bytes?.Dispose();
            _writer.Dispose();
        }
    }
}
