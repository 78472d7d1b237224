using System;
using HaukiOS.Hardware;

namespace HaukiOS.Store;

/// <summary>Small helpers that several files here share.</summary>
internal static class Sizes
{
    /// <summary>Sectors as people read them: <c>61.9 MiB</c>, below that <c>512 KiB</c>.</summary>
    public static string Text(long sectors)
    {
        const long SectorsPerMebibyte = 1024 * 1024 / IBlockDevice.SectorSize;
        if (sectors < SectorsPerMebibyte)
        {
            return sectors % 2 == 0 ? $"{sectors / 2} KiB" : $"{sectors / 2}.5 KiB";
        }
        long tenths = sectors * 10 / SectorsPerMebibyte;
        return $"{tenths / 10}.{tenths % 10} MiB";
    }

    /// <summary>Is every byte zero?</summary>
    public static bool AllZero(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (value != 0)
            {
                return false;
            }
        }
        return true;
    }
}
