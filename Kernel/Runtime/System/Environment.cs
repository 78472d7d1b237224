namespace System;

/// <summary>What the program runs on.</summary>
public static unsafe class Environment
{
    /// <summary>Milliseconds since the machine started; the machine layer puts its clock here.</summary>
    public static delegate*<long> MillisecondClock;

    public static string NewLine => "\n";

    public static int ProcessorCount => 1;

    public static int CurrentManagedThreadId => 1;

    public static bool Is64BitProcess => false;

    public static bool Is64BitOperatingSystem => false;

    public static int ProcessId => 1;

    public static string MachineName => "hauki";

    public static long TickCount64 => MillisecondClock == null ? 0 : MillisecondClock();

    public static int TickCount => (int)TickCount64;

    public static string? GetEnvironmentVariable(string variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return null;
    }

    /// <summary>Ends everything with a sentence.</summary>
    [Diagnostics.CodeAnalysis.DoesNotReturn]
    public static void FailFast(string? message)
    {
        Internal.Runtime.FatalError.Fail(message ?? "FailFast");
        throw new InvalidOperationException(message);
    }
}

/// <summary>Switches of the application; none are set.</summary>
public static class AppContext
{
    public static bool TryGetSwitch(string switchName, out bool isEnabled)
    {
        isEnabled = false;
        return false;
    }

    public static object? GetData(string name) => null;

    /// <summary>Called by start-up code that the compiler writes.</summary>
    public static void SetData(string name, object? data)
    {
    }
}
