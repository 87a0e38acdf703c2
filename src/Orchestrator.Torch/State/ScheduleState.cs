using System.Reflection;
using System.Text;
using static TorchSharp.torch.optim.lr_scheduler;

namespace Orchestrator.Torch.State;

/// <summary>
/// A learning rate schedule. TorchSharp gives them no state dict, so their numbers are read from their fields: counters, last rates, what a plateau
/// remembers, and those of the schedules that one is made of. Functions and the optimizer are the code's own.
/// </summary>
internal sealed class ScheduleState : StateAdapter
{
    public override bool Handles(object target) => target is LRScheduler;

    public override IEnumerable<object> PartsOf(object target) => Fields(target).Select(f => f.GetValue(target)).SelectMany(value => value switch
    {
        TorchSharp.torch.optim.Optimizer optimizer => [optimizer],
        LRScheduler one => [one],
        IEnumerable<LRScheduler> several => several,
        _ => Enumerable.Empty<object>(),
    });

    public override void SaveState(object target, Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        Save(target, writer);
    }

    public override void LoadState(object target, Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        Load(target, reader);
    }

    private static void Save(object target, BinaryWriter writer)
    {
        var fields = Numbers(target).ToList();
        writer.Write(target.GetType().Name);
        writer.Write(fields.Count);
        foreach (var (field, numbers) in fields)
        {
            writer.Write(field.Name);
            writer.Write(numbers.Length);
            foreach (var number in numbers)
                writer.Write(number);
        }

        foreach (var inner in Inner(target))
            Save(inner, writer);
    }

    private static void Load(object target, BinaryReader reader)
    {
        var fields = Numbers(target).ToList();
        Expect("schedule", target.GetType().Name, reader.ReadString());
        Expect("number of fields", fields.Count, reader.ReadInt32());
        foreach (var (field, numbers) in fields)
        {
            Expect("field", field.Name, reader.ReadString());
            Expect($"length of {field.Name}", numbers.Length, reader.ReadInt32());
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = reader.ReadDouble();
            SetNumbers(target, field, numbers);
        }

        foreach (var inner in Inner(target))
            Load(inner, reader);
    }

    private static void Expect<T>(string what, T here, T saved)
    {
        if (!Equals(here, saved))
            throw new InvalidDataException($"the {what} is {here}, saved was {saved}. The schedule must be the same.");
    }

    private static IEnumerable<object> Inner(object target) => Fields(target).Select(f => f.GetValue(target)).SelectMany(value => value switch
    {
        LRScheduler one => [one],
        IEnumerable<LRScheduler> several => several,
        _ => Enumerable.Empty<object>(),
    });

    /// <summary>Every integer here is far below 2^53.</summary>
    private static IEnumerable<(FieldInfo Field, double[] Numbers)> Numbers(object target) =>
        from field in Fields(target)
        let numbers = field.GetValue(target) switch
        {
            double number => [number],
            int number => [number],
            long number => [number],
            bool flag => [flag ? 1 : 0],
            IList<double> list => [.. list],
            IList<int> list => [.. list.Select(n => (double)n)],
            _ => default(double[]),
        }
        where numbers is not null
        select (field, numbers);

    private static void SetNumbers(object target, FieldInfo field, double[] numbers)
    {
        switch (field.GetValue(target))
        {
            case double:
                field.SetValue(target, numbers[0]);
                break;
            case int:
                field.SetValue(target, (int)numbers[0]);
                break;
            case long:
                field.SetValue(target, (long)numbers[0]);
                break;
            case bool:
                field.SetValue(target, numbers[0] != 0);
                break;
            case IList<double> list:
                for (var i = 0; i < numbers.Length; i++)
                    list[i] = numbers[i];
                break;
            case IList<int> list:
                for (var i = 0; i < numbers.Length; i++)
                    list[i] = (int)numbers[i];
                break;
        }
    }

    private static IEnumerable<FieldInfo> Fields(object target)
    {
        for (var type = target.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .OrderBy(f => f.Name, StringComparer.Ordinal))
                yield return field;
        }
    }
}
