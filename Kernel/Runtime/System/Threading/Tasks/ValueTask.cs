using System.Runtime.CompilerServices;

namespace System.Threading.Tasks;

/// <summary>Work that may have ended already, without an object for it.</summary>
[AsyncMethodBuilder(typeof(AsyncValueTaskMethodBuilder))]
public readonly struct ValueTask : IEquatable<ValueTask>
{
    private readonly Task? task;

    public ValueTask(Task task)
    {
        ArgumentNullException.ThrowIfNull(task);
        this.task = task;
    }

    public static ValueTask CompletedTask => default;

    public bool IsCompleted => task is null || task.IsCompleted;

    public bool IsCompletedSuccessfully => task is null || task.IsCompletedSuccessfully;

    public bool IsFaulted => task is not null && task.IsFaulted;

    public bool IsCanceled => task is not null && task.IsCanceled;

    public static bool operator ==(ValueTask left, ValueTask right) => left.task == right.task;

    public static bool operator !=(ValueTask left, ValueTask right) => left.task != right.task;

    public static ValueTask<TResult> FromResult<TResult>(TResult result) => new(result);

    public static ValueTask FromException(Exception exception) => new(Task.FromException(exception));

    public Task AsTask() => task ?? Task.CompletedTask;

    public ValueTask Preserve() => this;

    public ValueTaskAwaiter GetAwaiter() => new(AsTask());

    public ConfiguredTaskAwaitable ConfigureAwait(bool continueOnCapturedContext) => new(AsTask());

    public bool Equals(ValueTask other) => task == other.task;

    public override bool Equals(object? obj) => obj is ValueTask other && Equals(other);

    public override int GetHashCode() => task?.GetHashCode() ?? 0;
}

/// <summary>Work that may have ended already with a value, without an object for it.</summary>
[AsyncMethodBuilder(typeof(AsyncValueTaskMethodBuilder<>))]
public readonly struct ValueTask<TResult> : IEquatable<ValueTask<TResult>>
{
    private readonly Task<TResult>? task;
    private readonly TResult? result;

    public ValueTask(TResult result)
    {
        this.result = result;
    }

    public ValueTask(Task<TResult> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        this.task = task;
    }

    public bool IsCompleted => task is null || task.IsCompleted;

    public bool IsCompletedSuccessfully => task is null || task.IsCompletedSuccessfully;

    public bool IsFaulted => task is not null && task.IsFaulted;

    public bool IsCanceled => task is not null && task.IsCanceled;

    public TResult Result => task is null ? result! : task.ResultOrThrow();

    public static bool operator ==(ValueTask<TResult> left, ValueTask<TResult> right) => left.Equals(right);

    public static bool operator !=(ValueTask<TResult> left, ValueTask<TResult> right) => !left.Equals(right);

    public Task<TResult> AsTask() => task ?? Task.FromResult(result!);

    public ValueTaskAwaiter<TResult> GetAwaiter() => new(this);

    public ConfiguredTaskAwaitable<TResult> ConfigureAwait(bool continueOnCapturedContext) => new(AsTask());

    public bool Equals(ValueTask<TResult> other) =>
        task == other.task && Collections.Generic.EqualityComparer<TResult>.Default.Equals(result, other.result);

    public override bool Equals(object? obj) => obj is ValueTask<TResult> other && Equals(other);

    public override int GetHashCode() => task?.GetHashCode() ?? result?.GetHashCode() ?? 0;

    public override string? ToString() => IsCompletedSuccessfully ? Result?.ToString() : "";
}
