using System.Runtime.CompilerServices;

namespace System;

/// <summary>Math for 32-bit floating point, by way of 64 bits: every result is rounded once more.</summary>
public static class MathF
{
    public const float E = 2.7182818284590452f;
    public const float PI = 3.1415926535897931f;
    public const float Tau = 6.2831853071795865f;

    [Intrinsic]
    public static float Sqrt(float x) => Sqrt(x);

    public static float Abs(float x) => Math.Abs(x);

    public static float Max(float x, float y) => Math.Max(x, y);

    public static float Min(float x, float y) => Math.Min(x, y);

    public static int Sign(float x) => Math.Sign(x);

    public static float Round(float x, MidpointRounding mode) => (float)Math.Round(x, mode);

    public static float Round(float x, int digits) => (float)Math.Round(x, digits);

    public static float Log(float x, float y) => (float)Math.Log(x, y);

    public static float Truncate(float x) => (float)Math.Truncate(x);

    public static float Floor(float x) => (float)Math.Floor(x);

    public static float Ceiling(float x) => (float)Math.Ceiling(x);

    public static float Round(float x) => (float)Math.Round(x);

    public static float Sin(float x) => (float)Math.Sin(x);

    public static float Cos(float x) => (float)Math.Cos(x);

    public static float Tan(float x) => (float)Math.Tan(x);

    public static float Asin(float x) => (float)Math.Asin(x);

    public static float Acos(float x) => (float)Math.Acos(x);

    public static float Atan(float x) => (float)Math.Atan(x);

    public static float Sinh(float x) => (float)Math.Sinh(x);

    public static float Cosh(float x) => (float)Math.Cosh(x);

    public static float Tanh(float x) => (float)Math.Tanh(x);

    public static float Exp(float x) => (float)Math.Exp(x);

    public static float Log(float x) => (float)Math.Log(x);

    public static float Log2(float x) => (float)Math.Log2(x);

    public static float Log10(float x) => (float)Math.Log10(x);

    public static float Cbrt(float x) => (float)Math.Cbrt(x);

    public static float Pow(float x, float y) => (float)Math.Pow(x, y);

    public static float Atan2(float x, float y) => (float)Math.Atan2(x, y);

    public static float CopySign(float x, float y) => (float)Math.CopySign(x, y);
}
