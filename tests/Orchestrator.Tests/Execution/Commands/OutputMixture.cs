using System.Globalization;
using System.Text;
using Orchestrator.Execution.Processes;
using Orchestrator.Numerics;

namespace Orchestrator.Tests.Execution.Commands;

/// <summary>
/// What a program prints, as it comes from its pipe: reports amid progress bars, half JSON, NaN, nulls, floods and blank lines, written in pieces that
/// are cut anywhere; and the values that are in it.
/// </summary>
internal sealed record OutputMixture(IReadOnlyList<byte[]> Pieces, IReadOnlyList<string> Reports)
{
    public static OutputMixture Of(int seed)
    {
        var random = new SeededRandom(seed);
        var text = new StringBuilder();
        var reports = new List<string>();
        var count = 0;
        for (var i = random.NextInt64(1, 40); i > 0; i--)
        {
            switch (random.NextInt64(0, 10))
            {
                case 0:
                    for (var bar = random.NextInt64(0, 30); bar > 0; bar--)
                        text.Append(CultureInfo.InvariantCulture, $"\r{bar}%|{new string('#', (int)bar)}| {{\"loss\": ");
                    text.Append(random.NextInt64(0, 2) == 0 ? "\r" : "\n");
                    break;
                case 1:
                    text.Append("{\"loss\": 0.").Append(End(random)); // cut off in the middle
                    break;
                case 2:
                    for (var line = random.NextInt64(0, 400); line > 0; line--)
                        text.Append("a flood of words, one line after the other, {\"and\": braces}\n");
                    break;
                case 3:
                    text.Append("{\"event\": \"none\", \"of\": [1, {\"loss\": 2}]}").Append(End(random));
                    break;
                case 4:
                    text.Append(End(random)).Append("  ").Append(End(random));
                    break;
                default:
                    Report(random, text, reports, ref count);
                    text.Append(i == 1 && random.NextInt64(0, 3) == 0 ? "" : End(random)); // the last line may lack an end
                    break;
            }
        }

        return new OutputMixture([.. Cut(random, Encoding.UTF8.GetBytes(text.ToString()))], reports);
    }

    private static void Report(SeededRandom random, StringBuilder text, List<string> reports, ref int count)
    {
        var hasStep = random.NextInt64(0, 2) == 0;
        var step = hasStep ? random.NextInt64(long.MinValue, long.MaxValue) : count;
        var (written, value) = random.NextInt64(0, 6) switch
        {
            0 => ("NaN", double.NaN),
            1 => ("-Infinity", double.NegativeInfinity),
            2 => ("1E-05", 1e-5),
            var n => (n.ToString(CultureInfo.InvariantCulture), n),
        };
        List<string> entries = [$"\"loss\": {written}"];
        if (hasStep)
            entries.Insert((int)random.NextInt64(0, 2), string.Create(CultureInfo.InvariantCulture, $"\"step\": {step}"));
        string[] others = ["\"n\": null", "\"t\": \"}\\n{\"", "\"l\": [NaN, \"]\"]", "\"b\": true", "\"o\": {\"x\": null}"];
        for (var more = random.NextInt64(0, 3); more > 0; more--)
            entries.Insert((int)random.NextInt64(0, entries.Count + 1), others[random.NextInt64(0, others.Length)]);
        if (random.NextInt64(0, 20) == 0)
            entries.Add($"\"long\": \"{new string('x', 100_000)}\"");
        text.Append(random.NextInt64(0, 4) == 0 ? "  {" : "{").AppendJoin(", ", entries).Append('}');
        reports.Add(FormattableString.Invariant($"loss@{step}={value}"));
        count++;
    }

    private static string End(SeededRandom random) => random.NextInt64(0, 4) switch
    {
        0 => "\r",
        1 => "\r\n",
        _ => "\n",
    };

    /// <summary>Through a pipe that is written and read in pieces.</summary>
    private static List<byte[]> Cut(SeededRandom random, byte[] all)
    {
        var pieces = new List<byte[]>();
        using var lines = new OutputLines(new Source(random, all));
        while (lines.Read(piece => pieces.Add(piece.ToArray())))
        {
        }

        lines.Drain(piece => pieces.Add(piece.ToArray()));
        return pieces;
    }

    private sealed class Source(SeededRandom random, byte[] all) : IByteSource
    {
        private int _at;

        public WaitHandle? Handle => null;

        public int Read(Span<byte> buffer)
        {
            var most = random.NextInt64(0, 3) == 0 ? 7 : 70_000;
            var count = (int)Math.Min(Math.Min(buffer.Length, all.Length - _at), random.NextInt64(1, most));
            all.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        public void ExpectMark()
        {
        }

        public void Dispose()
        {
        }
    }
}
