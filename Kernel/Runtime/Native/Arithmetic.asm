; 64-bit arithmetic and conversions that the code generator calls rather than writes out. Operands of 64 bits and
; floating point come on the stack and are taken off by the callee; results are in edx:eax or st0.

bits 32

global RhpLMul
global RhpLLsh
global RhpLRsh
global RhpLRsz
global RhpDbl2Lng
global RhpDbl2ULng
global RhpLng2Dbl
global RhpULng2Dbl
global RhpLng2Flt
global RhpULng2Flt
global HaukiDivide64By32
global fmod
global fmodf

section .text

; (u64 a at [esp+12], u64 b at [esp+4]) -> a * b, modulo 2^64
align 16
RhpLMul:
        mov     eax, [esp + 8]          ; high words: usually both zero
        mov     ecx, [esp + 16]
        or      ecx, eax
        mov     ecx, [esp + 12]
        jnz     .wide
        mov     eax, [esp + 4]
        mul     ecx
        ret     16
.wide:
        imul    eax, ecx                ; b.high * a.low
        mov     edx, [esp + 16]
        imul    edx, [esp + 4]          ; a.high * b.low
        lea     ecx, [eax + edx]
        mov     eax, [esp + 12]
        mul     dword [esp + 4]
        add     edx, ecx
        ret     16

; edx:eax << ecx
align 16
RhpLLsh:
        and     ecx, 63
        cmp     ecx, 32
        jae     .long
        shld    edx, eax, cl
        shl     eax, cl
        ret
.long:
        mov     edx, eax
        xor     eax, eax
        shl     edx, cl                 ; the processor takes the count modulo 32
        ret

; edx:eax >> ecx, zeroes shifted in
align 16
RhpLRsz:
        and     ecx, 63
        cmp     ecx, 32
        jae     .long
        shrd    eax, edx, cl
        shr     edx, cl
        ret
.long:
        mov     eax, edx
        xor     edx, edx
        shr     eax, cl
        ret

; edx:eax >> ecx, the sign shifted in
align 16
RhpLRsh:
        and     ecx, 63
        cmp     ecx, 32
        jae     .long
        shrd    eax, edx, cl
        sar     edx, cl
        ret
.long:
        mov     eax, edx
        sar     edx, 31
        sar     eax, cl
        ret

; (ecx = high word, edx = low word, divisor at [esp+8], u32* remainder at [esp+4]) -> quotient. The high word must be
; below the divisor.
align 16
HaukiDivide64By32:
        mov     eax, edx
        mov     edx, ecx
        div     dword [esp + 8]
        mov     ecx, [esp + 4]
        mov     [ecx], edx
        ret     8

; double -> i64, towards zero; out of range gives the nearest value, not-a-number gives 0
align 16
RhpDbl2Lng:
        fld     qword [esp + 4]
        fucom   st0
        fnstsw  ax
        sahf
        jp      convert_nan
        fcom    dword [two_to_63]
        fnstsw  ax
        sahf
        jae     .highest
        fcom    dword [minus_two_to_63]
        fnstsw  ax
        sahf
        jb      .lowest
        call    truncate
        ret     8
.highest:
        fstp    st0
        mov     eax, 0xFFFFFFFF
        mov     edx, 0x7FFFFFFF
        ret     8
.lowest:
        fstp    st0
        xor     eax, eax
        mov     edx, 0x80000000
        ret     8

; double -> u64, towards zero; out of range gives the nearest value, not-a-number gives 0
align 16
RhpDbl2ULng:
        fld     qword [esp + 4]
        ftst
        fnstsw  ax
        sahf
        jp      convert_nan
        jbe     convert_nan             ; nothing below 1 but 0
        fcom    dword [two_to_64]
        fnstsw  ax
        sahf
        jae     .highest
        fcom    dword [two_to_63]
        fnstsw  ax
        sahf
        jae     .high_half
        call    truncate
        ret     8
.high_half:                             ; fistp knows signed numbers only
        fsub    dword [two_to_63]
        call    truncate
        add     edx, 0x80000000
        ret     8
.highest:
        fstp    st0
        or      eax, -1
        or      edx, -1
        ret     8

convert_nan:
        fstp    st0
        xor     eax, eax
        xor     edx, edx
        ret     8

; st0 -> edx:eax, towards zero
truncate:
        sub     esp, 12
        fnstcw  [esp]
        mov     ax, [esp]
        or      ax, 0x0C00              ; rounding control: towards zero
        mov     [esp + 2], ax
        fldcw   [esp + 2]
        fistp   qword [esp + 4]
        fldcw   [esp]
        mov     eax, [esp + 4]
        mov     edx, [esp + 8]
        add     esp, 12
        ret

align 16
RhpLng2Dbl:
RhpLng2Flt:
        fild    qword [esp + 4]         ; exact: st0 has 64 bits of precision; the caller's store rounds
        ret     8

align 16
RhpULng2Dbl:
RhpULng2Flt:
        fild    qword [esp + 4]
        test    dword [esp + 8], 0x80000000
        jz      .done
        fadd    dword [two_to_64]       ; fild took the top bit for a sign
.done:
        ret     8

; (a at [esp+12], b at [esp+4]) -> a modulo b with the sign of a
align 16
fmod:
        fld     qword [esp + 4]
        fld     qword [esp + 12]
.again:
        fprem                           ; takes off at most 63 bits of the quotient at a time
        fnstsw  ax
        test    ah, 4
        jnz     .again
        fstp    st1
        ret     16

; (a at [esp+8], b at [esp+4]) -> a modulo b with the sign of a
align 16
fmodf:
        fld     dword [esp + 4]
        fld     dword [esp + 8]
.again:
        fprem
        fnstsw  ax
        test    ah, 4
        jnz     .again
        fstp    st1
        ret     8

section .data
align 4

two_to_63:
        dd      0x5F000000
minus_two_to_63:
        dd      0xDF000000
two_to_64:
        dd      0x5F800000
