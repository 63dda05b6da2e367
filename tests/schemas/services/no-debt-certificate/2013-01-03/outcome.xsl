<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:cert="urn:egovdocs:certificate:1">
  <xsl:import href="../../common/2013-01-03/outcome.xsl"/>
  <xsl:variable name="prefix" select="'cert'"/>
  <xsl:variable name="namespace" select="'urn:egovdocs:certificate:1'"/>

  <xsl:template match="case">
    <cert:certificate>
      <xsl:call-template name="beginning"/>
      <cert:statement>
        <cert:ru>Задолженности перед поликлиникой нет.</cert:ru>
        <cert:kk>Емхана алдында берешек жоқ.</cert:kk>
      </cert:statement>
      <xsl:call-template name="ending"/>
    </cert:certificate>
  </xsl:template>
</xsl:stylesheet>
