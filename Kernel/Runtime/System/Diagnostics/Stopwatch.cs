namespace System.Diagnostics;

/// <summary>Measures time by the machine's monotonic clock.</summary>
public unsafe class Stopwatch
{
    /// <summary>Nanoseconds since the machine started; the machine layer puts its clock here.</summary>
    public static delegate*<long> NanosecondClock;

    public static readonly long Frequency = 1_000_000_000;
    public static readonly bool IsHighResolution = true;

    private long elapsed;
    private long started;

    public bool IsRunning { get; private set; }

    public TimeSpan Elapsed => new(ElapsedTicks / TimeSpan.NanosecondsPerTick);

    public long ElapsedMilliseconds => ElapsedTicks / 1_000_000;

    public long ElapsedTicks => elapsed + (IsRunning ? GetTimestamp() - started : 0);

    public static long GetTimestamp() => NanosecondClock == null ? 0 : NanosecondClock();

    public static TimeSpan GetElapsedTime(long startingTimestamp) =>
        GetElapsedTime(startingTimestamp, GetTimestamp());

    public static TimeSpan GetElapsedTime(long startingTimestamp, long endingTimestamp) =>
        new((endingTimestamp - startingTimestamp) / TimeSpan.NanosecondsPerTick);

    public static Stopwatch StartNew()
    {
        Stopwatch watch = new();
        watch.Start();
        return watch;
    }

    public void Start()
    {
        if (!IsRunning)
        {
            started = GetTimestamp();
            IsRunning = true;
        }
    }

    public void Stop()
    {
        elapsed = ElapsedTicks;
        IsRunning = false;
    }

    public void Reset()
    {
        elapsed = 0;
        IsRunning = false;
    }

    public void Restart()
    {
        Reset();
        Start();
    }
}

/// <summary>Checks that are there in debug builds only.</summary>
public static class Debug
{
    [Conditional("DEBUG")]
    public static void Assert(bool condition) => Assert(condition, "Assertion failed.");

    [Conditional("DEBUG")]
    public static void Assert(bool condition, string? message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }

    [Conditional("DEBUG")]
    public static void WriteLine(string? message)
    {
    }
}

/// <summary>Thrown where control can never come.</summary>
public sealed class UnreachableException : Exception
{
    public UnreachableException()
        : base("The program executed an instruction that was thought to be unreachable.")
    {
    }

    public UnreachableException(string? message)
        : base(message)
    {
    }

    public UnreachableException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
