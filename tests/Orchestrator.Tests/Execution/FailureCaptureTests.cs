using System.Globalization;
using System.Net;
using System.Reflection;
using System.Runtime.InteropServices;
using Orchestrator.Execution;
using Orchestrator.Execution.Causes;

namespace Orchestrator.Tests.Execution;

public sealed class FailureCaptureTests
{
    [Theory]
    [InlineData("run 17 broke at 0.25", "run 4711 broke at 1e-9")]
    [InlineData("no file '/tmp/a/b.txt'", "no file '/home/me/c.txt'")]
    [InlineData("id 3f2504e0-4f89-11d3-9a0c-0305e82c3301 is unknown", "id 00000000-0000-0000-0000-000000000001 is unknown")]
    [InlineData("expected [3, 4] at 0x7ffd", "expected [30, 5] at 0x1234")]
    [InlineData("cannot open /var/lib/a1/x: denied", "cannot open /opt/z: denied")]
    public void Fingerprint_SameFaultWithOtherNumbersAndIds_IsTheSame(string one, string other) =>
        Assert.Equal(Thrown(() => throw new InvalidOperationException(one)).Fingerprint, Thrown(() => throw new InvalidOperationException(other)).Fingerprint);

    [Theory]
    [InlineData("message")]
    [InlineData("stack")]
    [InlineData("null")]
    public void FromException_ExceptionWhoseMembersThrow_IsAFailureAllTheSame(string broken)
    {
        var failure = Thrown(() => throw new BrokenException(broken));
        var outer = Thrown(() => throw new InvalidOperationException("outer", new BrokenException(broken)));

        Assert.Equal(typeof(BrokenException).FullName, failure.Type);
        Assert.NotEmpty(failure.Message);
        Assert.Matches("^[0-9a-f]{12}$", failure.Fingerprint);
        Assert.Equal(typeof(BrokenException).FullName, Assert.Single(outer.Inner).Type);
    }

    [Fact]
    public void FromException_EndlessMessage_IsCutAndSaysSo()
    {
        static string Message(int from) => string.Concat(Enumerable.Range(from, 1_000_000).Select(i => $"word {i} "));

        var one = Thrown(() => throw new InvalidOperationException(Message(1)));
        var other = Thrown(() => throw new InvalidOperationException(Message(5_000_000), new IOException(Message(0))));
        var third = Thrown(() => throw new InvalidOperationException(Message(7)));

        Assert.InRange(one.Message.Length, 1_000, 20_000);
        Assert.EndsWith("characters in all)", one.Message, StringComparison.Ordinal);
        Assert.InRange(other.Inner[0].Message.Length, 1_000, 20_000);
        Assert.Equal(one.Fingerprint, third.Fingerprint);
    }

    [Fact]
    public void Fingerprint_OtherFault_Differs()
    {
        string[] all =
        [
            Thrown(() => throw new InvalidOperationException("the shape is wrong")).Fingerprint,
            Thrown(() => throw new InvalidOperationException("the rate is wrong")).Fingerprint,
            Thrown(() => throw new ArgumentException("the shape is wrong")).Fingerprint,
            Thrown(() => throw new InvalidOperationException("the shape is wrong", new IOException("disk"))).Fingerprint,
            Thrown(FromElsewhere).Fingerprint,
        ];

        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(all, f => Assert.Matches("^[0-9a-f]{12}$", f));
    }

    [Fact]
    public void FromException_InnerAndAggregate_AllAreListed()
    {
        var failure = Thrown(() => throw new InvalidOperationException("outer", new AggregateException(new IOException("a"), new FormatException("b", new TimeoutException("c")))));

        Assert.Equal("outer", failure.Message);
        Assert.Equal(
            ["System.AggregateException", "System.IO.IOException", "System.FormatException", "System.TimeoutException"],
            failure.Inner.Select(i => i.Type));
    }

    [Fact]
    public void FromException_Reflection_ShowsWhatWasThrown() =>
        Assert.Equal("System.FormatException", FailureCapture.FromException(new TargetInvocationException(new FormatException("b"))).Type);

    [Fact]
    public void FromException_Kinds_AreTold()
    {
        Assert.Equal(FailureKind.OutOfMemory, FailureCapture.FromException(new InsufficientMemoryException()).Kind);
        var unready = new TypeInitializationException("Needed", new InsufficientMemoryException());
        Assert.Equal(FailureKind.OutOfMemory, FailureCapture.FromException(new TypeInitializationException("Wanted", unready)).Kind);
        Assert.Equal(FailureKind.Exception, FailureCapture.FromException(new TypeInitializationException("Needed", new FormatException())).Kind);
        Assert.Equal(FailureKind.OutOfMemory, FailureCapture.FromException(new NativeException("CUDA out of memory. Tried to allocate 2.00 GiB")).Kind);
        Assert.Equal(FailureKind.ResourceLimit, FailureCapture.FromException(new IOException("No space left on device", 28)).Kind);
        Assert.Equal(FailureKind.Exception, FailureCapture.FromException(new IOException("other")).Kind);
        Assert.Equal(FailureKind.Exception, FailureCapture.FromException(new InvalidOperationException("No space left on device") { HResult = 28 }).Kind);
        Assert.Equal(FailureKind.ResourceLimit, FailureCapture.FromException(new IOException("Disk quota exceeded", 122)).Kind);
        Assert.Equal(FailureKind.ResourceLimit, FailureCapture.FromException(new IOException("There is not enough space", unchecked((int)0x80070070))).Kind);
        var wrapped = new InvalidOperationException("not saved", new AggregateException(new FormatException("a"), new IOException("full", 28)));
        Assert.Equal(FailureKind.ResourceLimit, FailureCapture.FromException(wrapped).Kind);
    }

    [Fact]
    public void FromRule_OtherNumbers_SameFingerprint() => Assert.Equal(
        FailureCapture.FromRule(FailureKind.NonFinite, "value " + double.NaN.ToString(CultureInfo.InvariantCulture) + " at 3").Fingerprint,
        FailureCapture.FromRule(FailureKind.NonFinite, "value NaN at 1200").Fingerprint);

    [Fact]
    public void Fingerprint_ExitCodesAndSignals_TellFailuresApart()
    {
        string[] all =
        [
            FailureCapture.FromRule(FailureKind.Exit, "'sh' ended with exit code 3.", 3).Fingerprint,
            FailureCapture.FromRule(FailureKind.Exit, "'sh' ended with exit code 4.", 4).Fingerprint,
            FailureCapture.FromRule(FailureKind.Signal, "'sh' was ended by signal 35.", signal: 35).Fingerprint,
            FailureCapture.FromRule(FailureKind.Signal, "'sh' was ended by signal 36.", signal: 36).Fingerprint,
            Thrown(() => throw new HttpRequestException("status 404", null, HttpStatusCode.NotFound)).Fingerprint,
            Thrown(() => throw new HttpRequestException("status 500", null, HttpStatusCode.InternalServerError)).Fingerprint,
            Thrown(() => throw new IOException("error 5", 5)).Fingerprint,
            Thrown(() => throw new IOException("error 6", 6)).Fingerprint,
            Program(1, "ValueError: bad lr 0.1"), Program(2, "ValueError: bad lr 0.1"), Program(1, "ValueError: bad lr 0.1", "KeyError"),
        ];

        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(Program(1, "ValueError: bad lr 0.1"), Program(1, "ValueError: bad lr 7"));

        static string Program(int code, string said, params string[] inner) => FailureCapture.FromProgram(
            FailureCapture.FromRule(FailureKind.Exit, "x", code), FailureKind.Exit, "x",
            new ProgramCause("ValueError", said, null, [.. inner.Select(i => new InnerFailure(i, "", null))])).Fingerprint;
    }

    private static void FromElsewhere() => throw new InvalidOperationException("the shape is wrong");

    private static RunFailure Thrown(Action action)
    {
        try
        {
            action();
        }
        catch (Exception cause)
        {
            return FailureCapture.FromException(cause);
        }

        throw new InvalidOperationException("nothing was thrown");
    }

    /// <summary>As TorchSharp throws it.</summary>
    private sealed class NativeException(string message) : ExternalException(message);

    private sealed class BrokenException(string broken) : Exception
    {
        public override string Message => broken switch
        {
            "message" => throw new InvalidOperationException("no message"),
            "null" => null!,
            _ => "broken",
        };

        public override string? StackTrace => broken == "stack" ? throw new InvalidOperationException("no stack") : base.StackTrace;
    }
}
