<?xml version="1.0" encoding="UTF-8"?>
<!-- Makes the licence from the signed request and the decision. A duplicate says what the former licence says. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:com="urn:egovdocs:common:1" xmlns:req="urn:egovdocs:request:1"
                xmlns:lic="urn:egovdocs:licence:1" exclude-result-prefixes="com req">
  <xsl:import href="../../common/2013-01-03/outcome.xsl"/>
  <xsl:variable name="prefix" select="'lic'"/>
  <xsl:variable name="namespace" select="'urn:egovdocs:licence:1'"/>

  <xsl:template match="case">
    <lic:licence>
      <xsl:apply-templates select="$request/req:service | $request/req:action" mode="copy"/>
      <xsl:apply-templates select="$decision/com:number" mode="copy"/>
      <lic:issuedOn><xsl:value-of select="$decision/com:date"/></lic:issuedOn>
      <xsl:apply-templates select="$decision/com:firstIssuedOn" mode="copy"/>
      <xsl:apply-templates select="$request/req:reissue/req:licence | $request/req:duplicate/req:licence" mode="copy">
        <xsl:with-param name="name" select="'replaces'"/>
      </xsl:apply-templates>
      <xsl:if test="$request/req:duplicate">
        <lic:duplicate><xsl:value-of select="number(concat('0', $former/lic:duplicate)) + 1"/></lic:duplicate>
      </xsl:if>
      <xsl:choose>
        <xsl:when test="$request/req:duplicate">
          <xsl:apply-templates select="$former/lic:licensee" mode="copy"/>
        </xsl:when>
        <xsl:otherwise>
          <xsl:apply-templates select="$request/req:applicant" mode="copy">
            <xsl:with-param name="name" select="'licensee'"/>
          </xsl:apply-templates>
        </xsl:otherwise>
      </xsl:choose>
      <lic:activity>
        <lic:ru>Медицинская деятельность</lic:ru>
        <lic:kk>Медициналық қызмет</lic:kk>
      </lic:activity>
      <xsl:apply-templates select="($decision/com:conditions | $former[$request/req:duplicate]/lic:conditions)[1]" mode="copy"/>
      <lic:note>
        <lic:ru>Неотчуждаемая, класс 1</lic:ru>
        <lic:kk>Иеліктен шығарылмайтын, 1-сынып</lic:kk>
      </lic:note>
      <xsl:call-template name="provider">
        <xsl:with-param name="name" select="'licensor'"/>
      </xsl:call-template>
      <xsl:call-template name="signatory"/>
      <xsl:apply-templates select="$service/provider/place" mode="bilingual"/>
      <xsl:apply-templates select="$decision/com:request" mode="copy"/>
      <xsl:choose>
        <xsl:when test="$request/req:duplicate">
          <xsl:apply-templates select="$former/lic:appendices" mode="copy"/>
        </xsl:when>
        <xsl:otherwise>
          <lic:appendices>
            <xsl:apply-templates select="$request/req:sites/req:site"/>
          </lic:appendices>
        </xsl:otherwise>
      </xsl:choose>
      <lic:clause>
        <lic:ru>Данный документ согласно пункту 1 статьи 7 Закона Республики Казахстан от 7 января 2003 года № 370-II «Об электронном документе и электронной цифровой подписи» равнозначен документу на бумажном носителе.</lic:ru>
        <lic:kk>Осы құжат «Электрондық құжат және электрондық цифрлық қолтаңба туралы» Қазақстан Республикасының 2003 жылғы 7 қаңтардағы № 370-II Заңы 7-бабының 1-тармағына сәйкес қағаз тасығыштағы құжатпен маңызы бірдей.</lic:kk>
      </lic:clause>
    </lic:licence>
  </xsl:template>

  <!-- An appendix for each site. -->
  <xsl:template match="req:site">
    <lic:appendix>
      <lic:number><xsl:number format="001"/></lic:number>
      <lic:issuedOn><xsl:value-of select="$decision/com:date"/></lic:issuedOn>
      <lic:basis>
        <lic:ru>Запрос № <xsl:value-of select="$decision/com:request/com:number"/></lic:ru>
        <lic:kk>№ <xsl:value-of select="$decision/com:request/com:number"/> сұрау салу</lic:kk>
      </lic:basis>
      <lic:activities>
        <xsl:for-each select="$request/req:activities/req:activity">
          <lic:activity>
            <lic:code><xsl:value-of select="."/></lic:code>
            <xsl:apply-templates select="$service/choice[@field = 'activities/activity'][@value = current()]" mode="bilingual">
              <xsl:with-param name="name" select="'wording'"/>
            </xsl:apply-templates>
          </lic:activity>
        </xsl:for-each>
      </lic:activities>
      <xsl:apply-templates select="." mode="copy"/>
    </lic:appendix>
  </xsl:template>
</xsl:stylesheet>
