namespace System.Diagnostics;

/// <summary>The debugger skips it.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class DebuggerHiddenAttribute : Attribute
{
}

/// <summary>The debugger steps through it.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class DebuggerStepThroughAttribute : Attribute
{
}

/// <summary>The debugger takes it for foreign.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class DebuggerNonUserCodeAttribute : Attribute
{
}

/// <summary>The debugger runs on from here.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class DebuggerStepperBoundaryAttribute : Attribute
{
}

/// <summary>Left out of stack traces.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class StackTraceHiddenAttribute : Attribute
{
}

/// <summary>The debugger does not break on what leaves here.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class DebuggerDisableUserUnhandledExceptionsAttribute : Attribute
{
}

/// <summary>How the debugger shows a member.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class DebuggerBrowsableAttribute : Attribute
{
    public DebuggerBrowsableAttribute(DebuggerBrowsableState state)
    {
        State = state;
    }

    public DebuggerBrowsableState State { get; }
}

/// <summary>How the debugger shows a value.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class DebuggerDisplayAttribute : Attribute
{
    public DebuggerDisplayAttribute(string? value)
    {
        Value = value;
    }

    public string? Value { get; }

    public string? Name { get; set; }

    public string? Type { get; set; }

    public Type? Target { get; set; }

    public string? TargetTypeName { get; set; }
}

/// <summary>What the debugger shows instead.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class DebuggerTypeProxyAttribute : Attribute
{
    public DebuggerTypeProxyAttribute(Type type)
    {
        Type = type;
    }

    public DebuggerTypeProxyAttribute(string typeName)
    {
        TypeName = typeName;
    }

    public Type? Type { get; }

    public string? TypeName { get; }

    public Type? Target { get; set; }

    public string? TargetTypeName { get; set; }
}

/// <summary>Calls exist only when a symbol is defined.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class ConditionalAttribute : Attribute
{
    public ConditionalAttribute(string conditionString)
    {
        ConditionString = conditionString;
    }

    public string ConditionString { get; }
}

/// <summary>How the debugger shows a member.</summary>
public enum DebuggerBrowsableState
{
    Never = 0,
    Collapsed = 2,
    RootHidden = 3,
}

/// <summary>How the code was compiled.</summary>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Module)]
public sealed class DebuggableAttribute : Attribute
{
    public DebuggableAttribute(DebuggingModes modes)
    {
        DebuggingFlags = modes;
    }

    public DebuggableAttribute(bool isJITTrackingEnabled, bool isJITOptimizerDisabled)
    {
    }

    public DebuggingModes DebuggingFlags { get; }

    /// <summary>Ways to compile.</summary>
    [Flags]
    public enum DebuggingModes
    {
        None = 0,
        Default = 1,
        IgnoreSymbolStoreSequencePoints = 2,
        EnableEditAndContinue = 4,
        DisableOptimizations = 256,
    }
}
