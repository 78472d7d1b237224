namespace System.Runtime.Intrinsics.X86;

/// <summary>Not on this machine, and not known to the compiler: code behind IsSupported disappears.</summary>
public abstract class Sse3 : Sse2
{
    public static new bool IsSupported => false;
}

/// <summary>Not on this machine, and not known to the compiler: code behind IsSupported disappears.</summary>
public abstract class Ssse3 : Sse3
{
    public static new bool IsSupported => false;
}

/// <summary>Not on this machine, and not known to the compiler: code behind IsSupported disappears.</summary>
public abstract class Sse41 : Ssse3
{
    public static new bool IsSupported => false;
}

/// <summary>Not on this machine, and not known to the compiler: code behind IsSupported disappears.</summary>
public abstract class Sse42 : Sse41
{
    public static new bool IsSupported => false;
}

/// <summary>Not on this machine, and not known to the compiler: code behind IsSupported disappears.</summary>
public abstract class Avx : Sse42
{
    public static new bool IsSupported => false;
}

/// <summary>Not on this machine, and not known to the compiler: code behind IsSupported disappears.</summary>
public abstract class Avx2 : Avx
{
    public static new bool IsSupported => false;
}

/// <summary>Not on this machine, and not known to the compiler: code behind IsSupported disappears.</summary>
public abstract class Aes : Sse2
{
    public static new bool IsSupported => false;
}

/// <summary>Not on this machine, and not known to the compiler: code behind IsSupported disappears.</summary>
public abstract class Pclmulqdq : Sse2
{
    public static new bool IsSupported => false;
}

/// <summary>Not on this machine, and not known to the compiler: code behind IsSupported disappears.</summary>
public abstract class Popcnt : Sse42
{
    public static new bool IsSupported => false;
}

/// <summary>Not on this machine, and not known to the compiler: code behind IsSupported disappears.</summary>
public abstract class Lzcnt : X86Base
{
    public static new bool IsSupported => false;
}

/// <summary>Not on this machine, and not known to the compiler: code behind IsSupported disappears.</summary>
public abstract class Bmi1 : X86Base
{
    public static new bool IsSupported => false;
}

/// <summary>Not on this machine, and not known to the compiler: code behind IsSupported disappears.</summary>
public abstract class Bmi2 : X86Base
{
    public static new bool IsSupported => false;
}

/// <summary>Not on this machine, and not known to the compiler: code behind IsSupported disappears.</summary>
public abstract class Fma : Avx
{
    public static new bool IsSupported => false;
}

/// <summary>Not on this machine, and not known to the compiler: code behind IsSupported disappears.</summary>
public abstract class Avx512F : Avx2
{
    public static new bool IsSupported => false;
}
