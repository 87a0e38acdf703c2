using System.Text;
using Orchestrator.Execution.Processes;

namespace Orchestrator.Tests.Execution.Processes;

public sealed class WireStreamTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Send_LargeAndSmallAndDescriptors_ArriveInOrder(bool withDescriptors)
    {
        Assert.SkipUnless(Libc.IsHere, "Linux only");
        var (a, b) = Descriptor.SocketPair();
        using var sender = new WireStream(a);
        using var receiver = new WireStream(b, withDescriptors);
        var (read, write) = Descriptor.Pipe();
        var large = new string('x', 3_000_000);
        var sending = Task.Run(() =>
        {
            var wire = new WireWriter();
            wire.Begin(1).Text("first").End();
            sender.Send(wire.Written);
            wire.Clear();
            wire.Begin(2).Text(large).End();
            sender.Send(wire.Written);
            wire.Clear();
            wire.Begin(3).Int(42).End();
            sender.Send(wire.Written, withDescriptors ? [write.Number] : []);
            write.Dispose();
            sender.Shutdown();
        });

        var seen = new List<string>();
        do
        {
            while (receiver.TryTake(out var type, out var payload))
                seen.Add(type == 3 ? "3:" + new WireReader(payload).Int() : $"{type}:{new WireReader(payload).Text()}");
        }
        while (receiver.Receive());
        await sending;

        Assert.Equal(["1:first", "2:" + large, "3:42"], seen);
        if (!withDescriptors)
        {
            Assert.Empty(receiver.Received);
            read.Dispose();
            return;
        }

        var passed = Assert.Single(receiver.Received);
        passed.Write("through"u8);
        var buffer = new byte[16];
        Assert.Equal("through", Encoding.UTF8.GetString(buffer, 0, read.Read(buffer)));
        read.Dispose();
    }

    [Fact]
    public void OutputLines_AnyCut_GivesWholeLinesAndAtTheEndTheRest()
    {
        Assert.SkipUnless(Libc.IsHere, "Linux only");
        var (read, write) = Descriptor.Pipe();
        using var lines = new OutputLines(read.DoNotWait());
        var seen = new List<string>();
        void Take(ReadOnlySpan<byte> text) => seen.Add(OutputLines.Text(text));

        write.Write("one\ntw"u8);
        lines.Read(Take);
        write.Write("o\r\nthree\nfo"u8);
        lines.Read(Take);
        Assert.False(lines.Read(Take));
        Assert.Equal(["one", "two\nthree"], seen);
        lines.Drain(Take);
        Assert.Equal("fo", seen[^1]);
        for (var i = 0; i < 40; i++)
        {
            write.Write(Encoding.ASCII.GetBytes(new string('y', 4096)));
            lines.Read(Take);
        }

        write.Dispose();
        lines.Drain(Take);
        Assert.Equal(40 * 4096, seen.Skip(3).Sum(s => s.Length));
        Assert.Null(lines.Pipe);
    }
}
