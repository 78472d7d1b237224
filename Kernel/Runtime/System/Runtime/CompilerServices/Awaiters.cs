using System.Threading.Tasks;

namespace System.Runtime.CompilerServices;

/// <summary>Calls back when something is complete.</summary>
public interface INotifyCompletion
{
    void OnCompleted(Action continuation);
}

/// <summary>Calls back when something is complete, without the execution context (there is none here).</summary>
public interface ICriticalNotifyCompletion : INotifyCompletion
{
    void UnsafeOnCompleted(Action continuation);
}

/// <summary>The body of an async method as the compiler cuts it.</summary>
public interface IAsyncStateMachine
{
    void MoveNext();

    void SetStateMachine(IAsyncStateMachine stateMachine);
}

/// <summary>Awaits a task.</summary>
public readonly struct TaskAwaiter : ICriticalNotifyCompletion
{
    private readonly Task task;

    internal TaskAwaiter(Task task)
    {
        this.task = task;
    }

    public bool IsCompleted => task.IsCompleted;

    public void GetResult() => task.ThrowIfFailed();

    public void OnCompleted(Action continuation) => task.Then(continuation);

    public void UnsafeOnCompleted(Action continuation) => task.Then(continuation);
}

/// <summary>Awaits a task with a value.</summary>
public readonly struct TaskAwaiter<TResult> : ICriticalNotifyCompletion
{
    private readonly Task<TResult> task;

    internal TaskAwaiter(Task<TResult> task)
    {
        this.task = task;
    }

    public bool IsCompleted => task.IsCompleted;

    public TResult GetResult() => task.ResultOrThrow();

    public void OnCompleted(Action continuation) => task.Then(continuation);

    public void UnsafeOnCompleted(Action continuation) => task.Then(continuation);
}

/// <summary>Awaits a value task.</summary>
public readonly struct ValueTaskAwaiter : ICriticalNotifyCompletion
{
    private readonly Task task;

    internal ValueTaskAwaiter(Task task)
    {
        this.task = task;
    }

    public bool IsCompleted => task.IsCompleted;

    public void GetResult() => task.ThrowIfFailed();

    public void OnCompleted(Action continuation) => task.Then(continuation);

    public void UnsafeOnCompleted(Action continuation) => task.Then(continuation);
}

/// <summary>Awaits a value task with a value.</summary>
public readonly struct ValueTaskAwaiter<TResult> : ICriticalNotifyCompletion
{
    private readonly ValueTask<TResult> task;

    internal ValueTaskAwaiter(ValueTask<TResult> task)
    {
        this.task = task;
    }

    public bool IsCompleted => task.IsCompleted;

    public TResult GetResult() => task.Result;

    public void OnCompleted(Action continuation) => task.AsTask().Then(continuation);

    public void UnsafeOnCompleted(Action continuation) => task.AsTask().Then(continuation);
}

/// <summary>A task awaited without a context; there is none to go back to anyway.</summary>
public readonly struct ConfiguredTaskAwaitable
{
    private readonly Task task;

    internal ConfiguredTaskAwaitable(Task task)
    {
        this.task = task;
    }

    public ConfiguredTaskAwaiter GetAwaiter() => new(task);

    /// <summary>Awaits the task.</summary>
    public readonly struct ConfiguredTaskAwaiter : ICriticalNotifyCompletion
    {
        private readonly Task task;

        internal ConfiguredTaskAwaiter(Task task)
        {
            this.task = task;
        }

        public bool IsCompleted => task.IsCompleted;

        public void GetResult() => task.ThrowIfFailed();

        public void OnCompleted(Action continuation) => task.Then(continuation);

        public void UnsafeOnCompleted(Action continuation) => task.Then(continuation);
    }
}

/// <summary>A task with a value awaited without a context.</summary>
public readonly struct ConfiguredTaskAwaitable<TResult>
{
    private readonly Task<TResult> task;

    internal ConfiguredTaskAwaitable(Task<TResult> task)
    {
        this.task = task;
    }

    public ConfiguredTaskAwaiter GetAwaiter() => new(task);

    /// <summary>Awaits the task.</summary>
    public readonly struct ConfiguredTaskAwaiter : ICriticalNotifyCompletion
    {
        private readonly Task<TResult> task;

        internal ConfiguredTaskAwaiter(Task<TResult> task)
        {
            this.task = task;
        }

        public bool IsCompleted => task.IsCompleted;

        public TResult GetResult() => task.ResultOrThrow();

        public void OnCompleted(Action continuation) => task.Then(continuation);

        public void UnsafeOnCompleted(Action continuation) => task.Then(continuation);
    }
}

/// <summary>Lets everything else that is due go first.</summary>
public readonly struct YieldAwaitable
{
    public YieldAwaiter GetAwaiter() => default;

    /// <summary>Awaits its turn.</summary>
    public readonly struct YieldAwaiter : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => TaskQueue.Post(continuation);

        public void UnsafeOnCompleted(Action continuation) => TaskQueue.Post(continuation);
    }
}
