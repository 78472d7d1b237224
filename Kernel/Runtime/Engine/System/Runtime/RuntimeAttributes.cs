namespace System.Runtime;

/// <summary>Gives a static method a symbol of its own, callable from assembler with the managed convention.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class RuntimeExportAttribute : Attribute
{
    /// <summary>Names the symbol.</summary>
    public RuntimeExportAttribute(string entryPoint) => EntryPoint = entryPoint;

    /// <summary>Name of the symbol.</summary>
    public string EntryPoint { get; }
}

/// <summary>Binds an extern method to a symbol, called with the managed convention and no transition.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor, Inherited = false)]
public sealed class RuntimeImportAttribute : Attribute
{
    /// <summary>Names the symbol.</summary>
    public RuntimeImportAttribute(string entryPoint) : this("*", entryPoint)
    {
    }

    /// <summary>Names the symbol; the library is always <c>*</c>, the image itself.</summary>
    public RuntimeImportAttribute(string dllName, string entryPoint)
    {
        DllName = dllName;
        EntryPoint = entryPoint;
    }

    /// <summary>The library.</summary>
    public string DllName { get; }

    /// <summary>Name of the symbol.</summary>
    public string EntryPoint { get; }
}
