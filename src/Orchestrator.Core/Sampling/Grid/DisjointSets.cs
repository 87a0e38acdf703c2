namespace Orchestrator.Sampling.Grid;

/// <summary>Union-find with path halving.</summary>
internal sealed class DisjointSets(int size)
{
    private readonly int[] _parent = [.. Enumerable.Range(0, size)];

    public int Find(int item)
    {
        while (_parent[item] != item)
            item = _parent[item] = _parent[_parent[item]];
        return item;
    }

    public void Join(int a, int b) => _parent[Find(b)] = Find(a);
}
