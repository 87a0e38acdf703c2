using Orchestrator.Text;

namespace Orchestrator.SearchSpaces;

/// <summary>Checks the zips and marks their members.</summary>
internal sealed class ZipBuilder(ProblemList problems, IReadOnlyDictionary<string, Draft> byName, IReadOnlyList<Draft> computed)
{
    /// <summary>The members of each zip that is free of mistakes.</summary>
    public void Apply(IReadOnlyList<IReadOnlyList<string>> zips)
    {
        for (var i = 0; i < zips.Count; i++)
        {
            var path = JsonPointer.Append("/zip", i);
            if (zips[i].Count < 2)
                problems.Error("SWP124", path, "A zip names at least two parameters.");
            if (zips[i].Count > Axis.MostMembers)
                problems.Error("SWP124", path, $"A zip names at most {Axis.MostMembers} parameters.");
            List<Draft> members = [];
            for (var j = 0; j < zips[i].Count; j++)
            {
                if (Member(zips[i][j], i, JsonPointer.Append(path, j)) is { } member)
                    members.Add(member);
            }

            if (members.Count == zips[i].Count && members.Count > 1)
                CheckTogether(members, path);
        }
    }

    private Draft? Member(string name, int zip, string path)
    {
        if (!byName.TryGetValue(name, out var draft))
        {
            problems.Error("SWP120", path, ComputedBuilder.NoParameter(name, byName.Keys, computed));
            return null;
        }

        if (draft.Zip >= 0)
        {
            problems.Error("SWP123", path,
                $"'{name}' stands {(draft.Zip == zip ? "twice in this zip" : $"in the zip /zip/{draft.Zip} already")}.");
            return null;
        }

        draft.Zip = zip;
        if (draft.Definition is Constant)
        {
            problems.Error("SWP121", path, $"'{name}' is a constant; only lists and ranges with points or step can be zipped.");
            return null;
        }

        if (draft.Domain is { Size: null })
        {
            problems.Error("SWP121", path, $"'{name}' is continuous; only lists and ranges with points or step can be zipped.");
            return null;
        }

        return draft.Domain is null ? null : draft;
    }

    private void CheckTogether(List<Draft> members, string path)
    {
        var size = members[0].Domain!.Size;
        if (members.Any(m => m.Domain!.Size != size))
        {
            problems.Error("SWP122", path, "Zipped parameters have equally many values; here "
                + string.Join(", ", members.Select(m => $"'{m.Name}' has {m.Domain!.Size}")) + ".");
            return;
        }

        var weighted = members.Where(m => m.Definition is Choice { Weights: not null }).Select(m => $"'{m.Name}'").ToArray();
        if (weighted.Length > 1)
            problems.Error("SWP125", path, $"Only one parameter of a zip may have weights; here {string.Join(" and ", weighted)} have.");

        // Tuples can only repeat when every member repeats a value, which ranges never do.
        if (!members.All(m => m.Definition is Choice))
            return;
        HashSet<ParameterValue> seen = [];
        for (var i = 0; i < size; i++)
        {
            var tuple = ParameterValue.FromList(members.Select(m => m.Domain!.ValueAt(i)));
            if (!seen.Add(tuple))
                problems.Error("SWP126", path, $"The combination {ParameterJson.ToJson(tuple)} stands twice; keep one.");
        }
    }
}
