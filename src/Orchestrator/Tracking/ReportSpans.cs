namespace Orchestrator.Tracking;

/// <summary>Splits values into what was reported together.</summary>
internal static class ReportSpans
{
    /// <summary>
    /// How many of the first values belong to one step and name each metric once; at least 1 of a span that is not empty.
    /// </summary>
    public static int FirstStep(ReadOnlySpan<MetricPoint> points)
    {
        var count = 0;
        while (count < points.Length && points[count].Step == points[0].Step && !Names(points[..count], points[count].Metric))
            count++;
        return count;
    }

    private static bool Names(ReadOnlySpan<MetricPoint> points, string metric)
    {
        foreach (ref readonly var point in points)
        {
            if (string.Equals(point.Metric, metric, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
