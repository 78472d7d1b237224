namespace System.Runtime.Intrinsics.Arm;

/// <summary>Instructions of another kind of machine.</summary>
public abstract class ArmBase
{
    public static bool IsSupported => false;
}

/// <summary>Instructions of another kind of machine.</summary>
public abstract class AdvSimd : ArmBase
{
    public static new bool IsSupported => false;
}

/// <summary>Instructions of another kind of machine.</summary>
public abstract class Aes : ArmBase
{
    public static new bool IsSupported => false;
}

/// <summary>Instructions of another kind of machine.</summary>
public abstract class Crc32 : ArmBase
{
    public static new bool IsSupported => false;
}
