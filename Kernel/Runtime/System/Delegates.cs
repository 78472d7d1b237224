namespace System;

/// <summary>A call with no arguments and no result.</summary>
public delegate void Action();

/// <summary>A call with one argument and no result.</summary>
public delegate void Action<in T>(T obj);

/// <summary>A call with two arguments and no result.</summary>
public delegate void Action<in T1, in T2>(T1 arg1, T2 arg2);

/// <summary>A call with three arguments and no result.</summary>
public delegate void Action<in T1, in T2, in T3>(T1 arg1, T2 arg2, T3 arg3);

/// <summary>A call with four arguments and no result.</summary>
public delegate void Action<in T1, in T2, in T3, in T4>(T1 arg1, T2 arg2, T3 arg3, T4 arg4);

/// <summary>A call with five arguments and no result.</summary>
public delegate void Action<in T1, in T2, in T3, in T4, in T5>(T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5);

/// <summary>A call with six arguments and no result.</summary>
public delegate void Action<in T1, in T2, in T3, in T4, in T5, in T6>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6);

/// <summary>A call with seven arguments and no result.</summary>
public delegate void Action<in T1, in T2, in T3, in T4, in T5, in T6, in T7>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7);

/// <summary>A call with eight arguments and no result.</summary>
public delegate void Action<in T1, in T2, in T3, in T4, in T5, in T6, in T7, in T8>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8);

/// <summary>A call with nine arguments and no result.</summary>
public delegate void Action<in T1, in T2, in T3, in T4, in T5, in T6, in T7, in T8, in T9>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9);

/// <summary>A call with ten arguments and no result.</summary>
public delegate void Action<in T1, in T2, in T3, in T4, in T5, in T6, in T7, in T8, in T9, in T10>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10);

/// <summary>A call with eleven arguments and no result.</summary>
public delegate void Action<in T1, in T2, in T3, in T4,
    in T5, in T6, in T7, in T8, in T9, in T10, in T11>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11);

/// <summary>A call with twelve arguments and no result.</summary>
public delegate void Action<in T1, in T2, in T3, in T4, in T5,
    in T6, in T7, in T8, in T9, in T10, in T11, in T12>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11,
    T12 arg12);

/// <summary>A call with thirteen arguments and no result.</summary>
public delegate void Action<in T1, in T2, in T3, in T4, in T5,
    in T6, in T7, in T8, in T9, in T10, in T11, in T12, in T13>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11,
    T12 arg12, T13 arg13);

/// <summary>A call with fourteen arguments and no result.</summary>
public delegate void Action<in T1, in T2, in T3, in T4, in T5, in T6,
    in T7, in T8, in T9, in T10, in T11, in T12, in T13, in T14>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11,
    T12 arg12, T13 arg13, T14 arg14);

/// <summary>A call with fifteen arguments and no result.</summary>
public delegate void Action<in T1, in T2, in T3, in T4, in T5, in T6, in T7,
    in T8, in T9, in T10, in T11, in T12, in T13, in T14, in T15>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11,
    T12 arg12, T13 arg13, T14 arg14, T15 arg15);

/// <summary>A call with sixteen arguments and no result.</summary>
public delegate void Action<in T1, in T2, in T3, in T4, in T5, in T6, in T7,
    in T8, in T9, in T10, in T11, in T12, in T13, in T14, in T15, in T16>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11,
    T12 arg12, T13 arg13, T14 arg14, T15 arg15, T16 arg16);

/// <summary>A call with no arguments and a result.</summary>
public delegate TResult Func<out TResult>();

/// <summary>A call with one argument and a result.</summary>
public delegate TResult Func<in T, out TResult>(T arg);

/// <summary>A call with two arguments and a result.</summary>
public delegate TResult Func<in T1, in T2, out TResult>(T1 arg1, T2 arg2);

/// <summary>A call with three arguments and a result.</summary>
public delegate TResult Func<in T1, in T2, in T3, out TResult>(T1 arg1, T2 arg2, T3 arg3);

/// <summary>A call with four arguments and a result.</summary>
public delegate TResult Func<in T1, in T2, in T3, in T4, out TResult>(T1 arg1, T2 arg2, T3 arg3, T4 arg4);

/// <summary>A call with five arguments and a result.</summary>
public delegate TResult Func<in T1, in T2, in T3, in T4, in T5, out TResult>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5);

/// <summary>A call with six arguments and a result.</summary>
public delegate TResult Func<in T1, in T2, in T3, in T4, in T5, in T6, out TResult>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6);

/// <summary>A call with seven arguments and a result.</summary>
public delegate TResult Func<in T1, in T2, in T3, in T4, in T5, in T6, in T7, out TResult>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7);

/// <summary>A call with eight arguments and a result.</summary>
public delegate TResult Func<in T1, in T2, in T3, in T4, in T5, in T6, in T7, in T8, out TResult>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8);

/// <summary>A call with nine arguments and a result.</summary>
public delegate TResult Func<in T1, in T2, in T3, in T4,
    in T5, in T6, in T7, in T8, in T9, out TResult>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9);

/// <summary>A call with ten arguments and a result.</summary>
public delegate TResult Func<in T1, in T2, in T3, in T4, in T5,
    in T6, in T7, in T8, in T9, in T10, out TResult>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10);

/// <summary>A call with eleven arguments and a result.</summary>
public delegate TResult Func<in T1, in T2, in T3, in T4, in T5,
    in T6, in T7, in T8, in T9, in T10, in T11, out TResult>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11);

/// <summary>A call with twelve arguments and a result.</summary>
public delegate TResult Func<in T1, in T2, in T3, in T4, in T5, in T6,
    in T7, in T8, in T9, in T10, in T11, in T12, out TResult>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11,
    T12 arg12);

/// <summary>A call with thirteen arguments and a result.</summary>
public delegate TResult Func<in T1, in T2, in T3, in T4, in T5, in T6,
    in T7, in T8, in T9, in T10, in T11, in T12, in T13, out TResult>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11,
    T12 arg12, T13 arg13);

/// <summary>A call with fourteen arguments and a result.</summary>
public delegate TResult Func<in T1, in T2, in T3, in T4, in T5, in T6, in T7,
    in T8, in T9, in T10, in T11, in T12, in T13, in T14, out TResult>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11,
    T12 arg12, T13 arg13, T14 arg14);

/// <summary>A call with fifteen arguments and a result.</summary>
public delegate TResult Func<in T1, in T2, in T3, in T4, in T5, in T6, in T7,
    in T8, in T9, in T10, in T11, in T12, in T13, in T14, in T15, out TResult>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11,
    T12 arg12, T13 arg13, T14 arg14, T15 arg15);

/// <summary>A call with sixteen arguments and a result.</summary>
public delegate TResult Func<in T1, in T2, in T3, in T4, in T5, in T6, in T7, in T8,
    in T9, in T10, in T11, in T12, in T13, in T14, in T15, in T16, out TResult>(
    T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9, T10 arg10, T11 arg11,
    T12 arg12, T13 arg13, T14 arg14, T15 arg15, T16 arg16);

/// <summary>A yes or no about a value.</summary>
public delegate bool Predicate<in T>(T obj);

/// <summary>An order between two values.</summary>
public delegate int Comparison<in T>(T x, T y);

/// <summary>Makes one value out of another.</summary>
public delegate TOutput Converter<in TInput, out TOutput>(TInput input);

/// <summary>Handles an event.</summary>
public delegate void EventHandler(object? sender, EventArgs e);

/// <summary>Handles an event with arguments of its own type.</summary>
public delegate void EventHandler<TEventArgs>(object? sender, TEventArgs e);

/// <summary>What an event carries.</summary>
public class EventArgs
{
    public static readonly EventArgs Empty = new();
}
