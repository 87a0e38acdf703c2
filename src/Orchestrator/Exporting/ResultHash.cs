using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Orchestrator.Configuration;

namespace Orchestrator.Exporting;

/// <summary>
/// The SHA-256 of what runs are and came to: a line of JSON for each, by number. Nothing of when, where and in how many attempts, so that two
/// executions of a reproducible sweep have the same.
/// </summary>
internal static class ResultHash
{
    /// <returns>The hash in hexadecimal digits, and how many runs it is of.</returns>
    public static async Task<(string Sha256, long Runs)> OfAsync(IAsyncEnumerable<RunRecord> byNumber)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var line = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(line);
        var runs = 0L;
        await foreach (var run in byNumber.ConfigureAwait(false))
        {
            line.ResetWrittenCount();
            writer.Reset(line);
            Write(writer, run);
            writer.Flush();
            hash.AppendData(line.WrittenSpan);
            hash.AppendData("\n"u8);
            runs++;
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), runs);
    }

    private static void Write(Utf8JsonWriter writer, RunRecord run)
    {
        writer.WriteStartObject();
        writer.WriteNumber("number", run.Number);
        writer.WriteNumber("proposal", run.Proposal);
        writer.WriteNumber("replicate", run.Replicate);
        writer.WriteNumber("seed", run.Seed);
        writer.WriteString("state", Words.Of(run.State));
        writer.WritePropertyName("parameters");
        run.Parameters.WriteTo(writer);
        writer.Number("objective", run.Objective);
        // By name: the order in which names were first seen is the store's affair.
        writer.Numbers("metrics", run.Metrics.OrderBy(m => m.Key, StringComparer.Ordinal));
        if (run.Failure is { } failure)
            writer.WriteString("failure", Words.Of(failure.Kind));
        writer.WriteEndObject();
    }
}
