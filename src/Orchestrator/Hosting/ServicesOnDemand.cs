using System.Collections;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Execution;

namespace Orchestrator.Hosting;

/// <summary>
/// The services of a worker's process. What the orchestrator registers is only noted, and registered in its place once somebody looks into
/// the collection: most runs ask for no service, and that code is most of what would have to be compiled before a worker is ready.
/// To whoever looks it is as if all had been registered at once.
/// </summary>
internal sealed class ServicesOnDemand : IServiceCollection
{
    private readonly List<object> _noted = []; // descriptors, and actions that register more
    private ServiceCollection? _all;

    /// <summary>What the program registers as trainables.</summary>
    public TrainableRegistry Trainables { get; } = new();

    /// <inheritdoc/>
    public int Count => All.Count;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    private ServiceCollection All
    {
        get
        {
            var all = _all ??= [];
            if (_noted.Count == 0)
                return all;
            var noted = _noted.ToArray();
            _noted.Clear();
            foreach (var one in noted)
            {
                if (one is ServiceDescriptor service)
                    ((IServiceCollection)all).Add(service);
                else
                    ((Action<IServiceCollection>)one)(all);
            }

            return all;
        }
    }

    /// <inheritdoc/>
    public ServiceDescriptor this[int index]
    {
        get => All[index];
        set => All[index] = value;
    }

    /// <summary>Registers what <paramref name="register"/> does, here, but not before somebody looks.</summary>
    public void Note(Action<IServiceCollection> register) => _noted.Add(register);

    /// <summary>Whether the program itself has registered such a service, besides what is noted.</summary>
    public bool HasOwn(Type type)
    {
        foreach (var one in _noted)
        {
            if (one is ServiceDescriptor service && service.ServiceType == type)
                return true;
        }

        if (_all is not null)
        {
            foreach (var service in _all)
            {
                if (service.ServiceType == type)
                    return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Add(ServiceDescriptor item) => _noted.Add(item);

    /// <inheritdoc/>
    public void Clear() => All.Clear();

    /// <inheritdoc/>
    public bool Contains(ServiceDescriptor item) => All.Contains(item);

    /// <inheritdoc/>
    public void CopyTo(ServiceDescriptor[] array, int arrayIndex) => All.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public IEnumerator<ServiceDescriptor> GetEnumerator() => All.GetEnumerator();

    /// <inheritdoc/>
    public int IndexOf(ServiceDescriptor item) => All.IndexOf(item);

    /// <inheritdoc/>
    public void Insert(int index, ServiceDescriptor item) => All.Insert(index, item);

    /// <inheritdoc/>
    public bool Remove(ServiceDescriptor item) => All.Remove(item);

    /// <inheritdoc/>
    public void RemoveAt(int index) => All.RemoveAt(index);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
