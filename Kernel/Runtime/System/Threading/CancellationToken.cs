using System.Collections.Generic;

namespace System.Threading;

/// <summary>Tells whether somebody wants something to stop.</summary>
public readonly struct CancellationToken : IEquatable<CancellationToken>
{
    private readonly CancellationTokenSource? source;

    public CancellationToken(bool canceled)
    {
        source = canceled ? CancellationTokenSource.AlreadyCanceled : null;
    }

    internal CancellationToken(CancellationTokenSource source)
    {
        this.source = source;
    }

    public static CancellationToken None => default;

    public bool CanBeCanceled => source is not null;

    public bool IsCancellationRequested => source is not null && source.IsCancellationRequested;

    public static bool operator ==(CancellationToken left, CancellationToken right) => left.source == right.source;

    public static bool operator !=(CancellationToken left, CancellationToken right) => left.source != right.source;

    public CancellationTokenRegistration Register(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return source is null ? default : source.Register(callback);
    }

    public CancellationTokenRegistration Register(Action<object?> callback, object? state) =>
        Register(() => callback(state));

    public void ThrowIfCancellationRequested()
    {
        if (IsCancellationRequested)
        {
            throw new OperationCanceledException(this);
        }
    }

    public bool Equals(CancellationToken other) => source == other.source;

    public override bool Equals(object? other) => other is CancellationToken token && Equals(token);

    public override int GetHashCode() => source?.GetHashCode() ?? 0;
}

/// <summary>A callback that waits for the cancellation; taken away when disposed.</summary>
public readonly struct CancellationTokenRegistration : IDisposable
{
    private readonly CancellationTokenSource? source;
    private readonly Action? callback;

    internal CancellationTokenRegistration(CancellationTokenSource source, Action callback)
    {
        this.source = source;
        this.callback = callback;
    }

    public void Dispose() => Unregister();

    public bool Unregister() => source is not null && source.Unregister(callback!);
}

/// <summary>Asks others to stop.</summary>
public class CancellationTokenSource : IDisposable
{
    internal static readonly CancellationTokenSource AlreadyCanceled = new() { canceled = true };

    private readonly List<Action> callbacks = [];
    private bool canceled;

    public bool IsCancellationRequested => canceled;

    public CancellationToken Token => new(this);

    public static CancellationTokenSource CreateLinkedTokenSource(CancellationToken token1, CancellationToken token2)
    {
        CancellationTokenSource linked = new();
        token1.Register(linked.Cancel);
        token2.Register(linked.Cancel);
        return linked;
    }

    /// <summary>Runs the callbacks, the last one registered first.</summary>
    public void Cancel()
    {
        if (canceled)
        {
            return;
        }

        canceled = true;
        while (callbacks.Count > 0)
        {
            Action last = callbacks[^1];
            callbacks.RemoveAt(callbacks.Count - 1);
            last();
        }
    }

    public void Dispose() => Dispose(true);

    protected virtual void Dispose(bool disposing) => callbacks.Clear();

    internal CancellationTokenRegistration Register(Action callback)
    {
        if (canceled)
        {
            callback();
            return default;
        }

        callbacks.Add(callback);
        return new CancellationTokenRegistration(this, callback);
    }

    internal bool Unregister(Action callback) => callbacks.Remove(callback);
}
