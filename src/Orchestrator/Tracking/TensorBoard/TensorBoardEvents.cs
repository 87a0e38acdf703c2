using System.Buffers;

namespace Orchestrator.Tracking.TensorBoard;

/// <summary>
/// Puts events as TensorBoard reads them: <c>Event</c> messages of <c>tensorboard/compat/proto</c>, scalars and texts as TensorFlow 2 writes
/// them (tensors with the plugin's name), hyperparameters as of <c>plugins/hparams</c>.
/// </summary>
/// <param name="to">Where they are put.</param>
/// <param name="say">Hears of tags that had to be told apart: TensorBoard shows a tag by one plugin.</param>
internal sealed class TensorBoardEvents(IBufferWriter<byte> to, Action<string> say)
{
    private const string StartTag = "_hparams_/session_start_info";
    private const int LongestTag = 4_000;
    private const string EndTag = "_hparams_/session_end_info";

    private readonly ProtoWriter _event = new();
    private readonly HashSet<string> _described = new(StringComparer.Ordinal);
    private readonly DistinctNames _tags = new(static name => name, LongestTag, say);

    /// <summary>The first event of every file.</summary>
    public void Version(DateTimeOffset at)
    {
        Begin(at, step: 0);
        _event.Text(Event.FileVersion, "brain.Event:2");
        _event.Begin(Event.SourceMetadata);
        _event.Text(1, "orchestrator");
        _event.End();
        Put();
    }

    /// <summary>Values of one step.</summary>
    public void Scalars(ReadOnlySpan<MetricPoint> points)
    {
        Begin(points[0].At, points[0].Step);
        _event.Begin(Event.Summary);
        foreach (ref readonly var point in points)
        {
            var tag = _tags.Of(point.Metric, "scalars");
            _event.Begin(Summary.Value);
            _event.Text(Value.Tag, tag);
            _event.Begin(Value.Tensor);
            _event.Integer(Tensor.Type, Tensor.TypeFloat);
            _event.Bytes(Tensor.Shape, []);
            _event.PackedFloat(Tensor.Floats, (float)point.Value);
            _event.End();
            Describe(tag, "scalars");
            _event.End();
        }

        _event.End();
        Put();
    }

    /// <summary>A text, shown as Markdown.</summary>
    public void Text(string tag, string text, DateTimeOffset at)
    {
        tag = _tags.Of(tag, "text");
        Begin(at, step: 0);
        _event.Begin(Event.Summary);
        _event.Begin(Summary.Value);
        _event.Text(Value.Tag, tag);
        _event.Begin(Value.Tensor);
        _event.Integer(Tensor.Type, Tensor.TypeString);
        _event.Bytes(Tensor.Shape, []);
        _event.Text(Tensor.Strings, text);
        _event.End();
        Describe(tag, "text");
        _event.End();
        _event.End();
        Put();
    }

    /// <summary>The hyperparameters; what has the same group is shown as one row, values as means.</summary>
    public void SessionStart(IEnumerable<KeyValuePair<string, ParameterValue>> parameters, string group, DateTimeOffset at)
    {
        BeginSession(StartTag, at);
        _event.Begin(HParams.Start);
        foreach (var (name, value) in parameters)
        {
            _event.Begin(HParams.StartParameters);
            _event.Text(1, name);
            _event.Begin(2);
            switch (value.Kind)
            {
                case ParameterKind.Boolean:
                    _event.Integer(HParams.ValueBoolean, value.AsBoolean() ? 1 : 0);
                    break;
                case ParameterKind.Integer or ParameterKind.Float:
                    _event.Double(HParams.ValueNumber, value.AsDouble());
                    break;
                default:
                    _event.Text(HParams.ValueText, value.Kind == ParameterKind.Text ? value.AsText() : ParameterJson.ToJson(value));
                    break;
            }

            _event.End();
            _event.End();
        }

        _event.Text(HParams.StartGroup, group);
        _event.Double(HParams.StartTime, Seconds(at));
        _event.End();
        EndSession();
    }

    public void SessionEnd(RunState state, DateTimeOffset at)
    {
        BeginSession(EndTag, at);
        _event.Begin(HParams.End);
        _event.Integer(HParams.EndStatus, state switch
        {
            RunState.Completed or RunState.Pruned => HParams.Success,
            RunState.Failed => HParams.Failure,
            _ => HParams.Unknown,
        });
        _event.Double(HParams.EndTime, Seconds(at));
        _event.End();
        EndSession();
    }

    private void BeginSession(string tag, DateTimeOffset at)
    {
        Begin(at, step: 0);
        _event.Begin(Event.Summary);
        _event.Begin(Summary.Value);
        _event.Text(Value.Tag, tag);
        _event.Begin(Value.Tensor); // nothing: what counts is in the metadata
        _event.Integer(Tensor.Type, Tensor.TypeFloat);
        _event.Begin(Tensor.Shape);
        _event.Bytes(2, []);
        _event.End();
        _event.End();
        _event.Begin(Value.Metadata);
        _event.Begin(Metadata.PluginData);
        _event.Text(Metadata.PluginName, "hparams");
        _event.Begin(Metadata.PluginContent);
    }

    private void EndSession()
    {
        for (var nested = 0; nested < 5; nested++)
            _event.End();
        Put();
    }

    /// <summary>Says which plugin shows a tag; once is enough, as TensorFlow's own writers have it.</summary>
    private void Describe(string tag, string plugin)
    {
        if (!_described.Add(tag))
            return;
        _event.Begin(Value.Metadata);
        _event.Begin(Metadata.PluginData);
        _event.Text(Metadata.PluginName, plugin);
        _event.End();
        _event.End();
    }

    private void Begin(DateTimeOffset at, long step)
    {
        _event.Reset();
        _event.Double(Event.WallTime, Seconds(at));
        if (step != 0)
            _event.Integer(Event.Step, step);
    }

    private void Put() => TfRecord.Write(to, _event.Written);

    private static double Seconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static class Event
    {
        public const int WallTime = 1, Step = 2, FileVersion = 3, Summary = 5, SourceMetadata = 10;
    }

    private static class Summary
    {
        public const int Value = 1;
    }

    private static class Value
    {
        public const int Tag = 1, Tensor = 8, Metadata = 9;
    }

    private static class Tensor
    {
        public const int Type = 1, Shape = 2, Floats = 5, Strings = 8;
        public const long TypeFloat = 1, TypeString = 7;
    }

    private static class Metadata
    {
        public const int PluginData = 1, PluginName = 1, PluginContent = 2;
    }

    private static class HParams
    {
        public const int Start = 3, StartParameters = 1, StartGroup = 4, StartTime = 5;
        public const int End = 4, EndStatus = 1, EndTime = 2;
        public const int ValueNumber = 2, ValueText = 3, ValueBoolean = 4;
        public const long Unknown = 0, Success = 1, Failure = 2;
    }
}
